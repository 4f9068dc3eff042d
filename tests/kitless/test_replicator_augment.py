"""Augmentations and annotators that scripts register: what becomes of the arrays."""

import colorsys

import numpy as np
import pytest

import omni.replicator.core as rep
from omni.replicator.core.annotators import AnnotatorRegistryError, Augmentation, AugmentationError
from omni.replicator.core.writer import WriterError

get = rep.annotators.get
SIZE = (64, 48)


def add(data_in, amount):
    return data_in + amount


def double(data_in):
    data_in *= 2
    return data_in


def noise(data_in, seed: int, sigma: float = 1.0):
    return data_in + np.random.default_rng(seed).normal(scale=sigma, size=data_in.shape).astype(data_in.dtype)


@pytest.fixture
def product(stage, camera, cube):
    camera()
    cube("/World/Cube", (0, 5, 0), size=20)
    return rep.create.render_product("/World/Camera", SIZE)


def taken(app, *annotators):
    app.update()
    return [annotator.get_data() for annotator in annotators]


def test_a_function_is_applied_to_each_frame(app, product):
    plain = get("distance_to_camera").attach(product)
    more = get("distance_to_camera").augment(Augmentation.from_function(add, amount=3.0)).attach(product)
    before, after = taken(app, plain, more)
    assert before.shape == SIZE[::-1]
    assert np.allclose(after, before + 3)
    assert (more.name, more.template_name) == ("distance_to_camera", "distance_to_camera")


def test_what_a_function_changes_in_place_is_a_copy(app, product):
    plain = get("distance_to_camera").attach(product)
    twice = get("distance_to_camera").augment(double).attach(product)
    before, after = taken(app, plain, twice)
    assert np.allclose(after, 2 * before)
    assert np.allclose(twice.get_data(), after)


def test_several_in_their_order(app, product):
    plain = get("distance_to_camera").attach(product)
    steps = [Augmentation.from_function(add, amount=1.0), double]
    composed = rep.annotators.augment_compose("distance_to_camera", steps, name="farther").attach(product)
    before, after = taken(app, plain, composed)
    assert np.allclose(after, (before + 1) * 2)
    assert composed.name == "farther"


def test_further_values_of_an_annotator_stay(app, product):
    mask = get("semantic_segmentation").augment(add, amount=1).attach(product)
    (found,) = taken(app, mask)
    assert np.all(found["data"] == 2)
    assert found["info"]["idToLabels"] == {"1": {"class": "UNLABELLED"}}


def test_an_annotator_before_its_first_frame_is_empty(app, product):
    assert get("distance_to_camera").augment(double).attach(product).get_data().shape == (0, 0)


def test_seeds_come_from_the_global_seed(app, product):
    def drawn(**arguments):
        annotator = get("distance_to_camera").augment(noise, **arguments).attach(product)
        (found,) = taken(app, annotator)
        annotator.detach()
        return found

    rep.set_global_seed(1)
    first = drawn()
    assert np.array_equal(drawn(seed=None), first)
    assert np.array_equal(drawn(seed=-1), first)
    rep.set_global_seed(2)
    assert not np.array_equal(drawn(), first)
    plain = get("distance_to_camera").attach(product)
    (before,) = taken(app, plain)
    assert np.array_equal(drawn(seed=5), noise(before, 5))


def test_arguments_that_are_missing_or_wrong(app):
    with pytest.raises(AugmentationError, match=r"add needs \['amount'\]"):
        get("rgb").augment(add)
    with pytest.raises(AugmentationError, match=r"double takes no \['amount'\]; it takes \['data_in'\]"):
        get("rgb").augment(double, amount=1)
    with pytest.raises(AugmentationError, match="takes no 'data_in'"):
        Augmentation.from_function(lambda data: data)
    with pytest.raises(AugmentationError, match="Not a function or warp kernel: 3"):
        Augmentation.from_function(3)
    with pytest.raises(AugmentationError, match="'camera_params' has no array"):
        get("camera_params").augment(double)
    with pytest.raises(NotImplementedError, match=r"device='cuda'"):
        get("rgb").augment(double, device="cuda")
    with pytest.raises(NotImplementedError, match=r"from_node\('omni.my.Node'\)"):
        Augmentation.from_node("omni.my.Node")


def test_augmentations_by_name(app, product):
    rep.AnnotatorRegistry.register_augmentation("farther", Augmentation.from_function(add, amount=2.0))
    plain = get("distance_to_camera").attach(product)
    named = rep.annotators.augment(source_annotator=get("distance_to_camera"), augmentation="farther").attach(product)
    before, after = taken(app, plain, named)
    assert np.allclose(after, before + 2)
    assert rep.annotators.get_augmentation("farther").arguments == {"amount": 2.0}
    rep.annotators.unregister_augmentation("farther")
    with pytest.raises(AugmentationError, match="No augmentation 'farther'; there are none"):
        rep.AnnotatorRegistry.get_augmentation("farther")


def test_annotators_by_name(app, product):
    rep.annotators.register(name="twice", annotator=get("distance_to_camera").augment(double))
    plain, twice = get("distance_to_camera").attach(product), get("twice").attach(product)
    before, after = taken(app, plain, twice)
    assert np.allclose(after, 2 * before)
    assert twice.name == "twice"
    with pytest.raises(NotImplementedError, match="'twice' on device 'cuda'"):
        get("twice", device="cuda")
    assert "twice" in rep.AnnotatorRegistry.get_registered_annotators()
    rep.AnnotatorRegistry.unregister_annotator("twice")
    with pytest.raises(AnnotatorRegistryError, match="No annotator 'twice'"):
        get("twice")
    with pytest.raises(AnnotatorRegistryError, match="No annotator 'twice' was registered"):
        rep.AnnotatorRegistry.unregister_annotator("twice")
    with pytest.raises(AnnotatorRegistryError, match="'rgb' is a built-in"):
        rep.annotators.register("rgb", "normals")


def test_pictures_of_the_renderer_by_name(app, product):
    register = rep.AnnotatorRegistry.register_annotator_from_aov
    register(aov="HdrColor", output_data_type=np.float16, output_channels=4, name="linear")
    plain, linear = get("HdrColor").attach(product), get("linear").attach(product)
    before, after = taken(app, plain, linear)
    assert np.array_equal(before, after)
    with pytest.raises(NotImplementedError, match=r"register_annotator_from_aov\('PtZDepth'\)"):
        register(aov="PtZDepth")
    with pytest.raises(NotImplementedError, match=r"register_annotator_from_node\('mine'\).*omni.my.Node"):
        rep.AnnotatorRegistry.register_annotator_from_node("mine", ["rgb"], "omni.my.Node")


class Keeper(rep.Writer):
    def __init__(self, structure="annotator"):
        self.version = "1.0.0"
        self.data_structure = structure
        self.annotators = [get("rgb"), get("distance_to_camera")]
        self.kept = []

    def write(self, data):
        self.kept.append(data)


@pytest.mark.parametrize("structure", ["annotator", "renderProduct", "legacy"])
def test_a_writers_annotators_are_augmented_in_place_and_named(app, product, structure):
    writer = Keeper(structure)
    writer.augment_annotator("distance_to_camera", add, amount=1.0)
    writer.add_annotator(get("distance_to_camera"), name="plain")
    writer.add_annotator("normals")
    assert list(writer.get_annotators()) == ["rgb", "distance_to_camera", "plain", "normals"]
    with pytest.raises(WriterError, match="Keeper has no annotator 'depth'; it has rgb"):
        writer.augment_annotator("depth", double)
    writer.attach(product)
    rep.orchestrator.step()
    (data,) = writer.kept
    name = product.name
    if structure == "annotator":
        arrays = {key: value[name]["data"] for key, value in data["annotators"].items() if "data" in value[name]}
    elif structure == "renderProduct":
        arrays = {k: v["data"] for k, v in data["renderProducts"][name].items() if isinstance(v, dict)}
    else:
        arrays = {key: value for key, value in data.items() if isinstance(value, np.ndarray)}
    assert np.allclose(arrays["distance_to_camera"], arrays["plain"] + 1)
    assert {key: arrays[key].shape for key in ("rgb", "normals")} == {"rgb": (48, 64, 4), "normals": (48, 64, 4)}


def test_hue_saturation_value_and_back():
    pixels = np.random.default_rng(1).integers(0, 256, (6, 7, 4), np.uint8)
    pixels[0, :4, :3] = [[0, 0, 0], [255, 255, 255], [255, 0, 0], [9, 9, 9]]
    hsv = rep.augmentations_default.aug_rgb_to_hsv(pixels)
    expected = [[colorsys.rgb_to_hsv(*(p[:3] / 255)) for p in row] for row in pixels]
    assert np.abs(hsv[..., :3] - np.array(expected) * 255).max() <= 0.5 + 1e-9
    rgb = rep.augmentations_default.aug_hsv_to_rgb(hsv)
    expected = [[colorsys.hsv_to_rgb(*(p[:3] / 255)) for p in row] for row in hsv]
    assert np.abs(rgb[..., :3] - np.array(expected) * 255).max() <= 0.5 + 1e-9
    assert np.array_equal(rgb[..., 3], pixels[..., 3])
    with pytest.raises(NotImplementedError, match=r"augmentations_default\.aug_blur"):
        rep.augmentations_default.aug_blur()


def test_a_warp_kernel_runs_where_warp_is(app, product):
    warp = pytest.importorskip("warp")

    @warp.kernel
    def shift(
        data_in: warp.array2d(dtype=warp.float32), data_out: warp.array2d(dtype=warp.float32), amount: float, seed: int
    ):
        i, j = warp.tid()
        data_out[i, j] = data_in[i, j] + amount + warp.float32(seed)

    plain = get("distance_to_camera").attach(product)
    shifted = get("distance_to_camera").augment(shift, amount=2.0, seed=1).attach(product)
    before, after = taken(app, plain, shifted)
    assert np.allclose(after, before + 3)
    with pytest.raises(AugmentationError, match=r"needs \['amount'\]"):
        get("rgb").augment(shift)
