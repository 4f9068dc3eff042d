"""The journal of a bucket: what is new each time, and nothing of files that did not get there."""

from simslate.recorder.s3.segments import Segments, fetch_journal


class Bucket:
    """An uploader that keeps objects in memory."""

    def __init__(self):
        self.objects = {}

    def put(self, key, data):
        self.objects[key] = data

    def listed(self, prefix):
        return [{"Key": key} for key in self.objects if key.startswith(prefix)]

    def delete(self, keys):
        for key in list(keys):
            del self.objects[key]

    def get(self, key):
        return self.objects[key], {}

    def find(self, key):
        return (self.objects[key], {}) if key in self.objects else None


def grow(folder, name, text):
    with (folder / name).open("a") as file:
        file.write(text)


def test_segments_make_the_whole_lines_of_the_journal(tmp_path):
    bucket = Bucket()
    segments = Segments(bucket, "set", "run", tmp_path)
    assert not segments.push()
    for number in range(3):
        grow(tmp_path, "manifest.jsonl", f"file {number}\n")
        grow(tmp_path, "frames.jsonl", f"frame {number}\n")
        assert segments.push()
    grow(tmp_path, "frames.jsonl", "torn")
    assert not segments.push()
    assert fetch_journal(bucket, "set") == {
        "manifest.jsonl": b"file 0\nfile 1\nfile 2\n",
        "frames.jsonl": b"frame 0\nframe 1\nframe 2\n",
    }


def test_a_journal_that_tells_of_files_kept_elsewhere_stays_here(tmp_path):
    bucket = Bucket()
    grow(tmp_path, "manifest.jsonl", "file\n")
    grow(tmp_path, "frames.jsonl", "frame\n")
    assert not Segments(bucket, "set", "run", tmp_path, lambda: False).push()
    assert bucket.objects == {}
