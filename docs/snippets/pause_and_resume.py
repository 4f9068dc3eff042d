"""Pause the recording that runs, for a second, and let it go on."""

import asyncio

from simslate.recorder import get_recorder


async def main():
    recorder = get_recorder()
    recorder.pause()  # after the frame under way
    print("paused at frame", recorder.status.frame)
    await asyncio.sleep(1)  # move things, look around; labels stay as they are until the end
    recorder.resume()


task = asyncio.ensure_future(main())
