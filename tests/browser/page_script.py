"""A window with a widget of each kind, for the tests of the page: run by `python -m kitless --browser`."""

import asyncio

import numpy as np
from pxr import Gf, UsdGeom

import omni.kit.menu.utils as menus
import omni.ui as ui
import omni.usd
from omni.kit.menu.utils import MenuItemDescription
from omni.kit.notification_manager import NotificationButtonInfo, post_notification

SIZE = (1280, 720)


def make_stage():
    omni.usd.get_context().new_stage()
    stage = omni.usd.get_context().get_stage()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    for place, name in enumerate(("ball", "box", "can")):
        kind = (UsdGeom.Sphere, UsdGeom.Cube, UsdGeom.Cylinder)[place]
        prim = kind.Define(stage, f"/World/things/{name}")
        prim.AddTranslateOp().Set(Gf.Vec3d(3 * place, 0, 0))
        prim.CreateDisplayColorAttr([Gf.Vec3f(*np.eye(3)[place].tolist())])
    UsdGeom.Camera.Define(stage, "/World/camera").AddTranslateOp().Set(Gf.Vec3d(3, 0, 40))


class Items(ui.AbstractItemModel):
    def __init__(self):
        super().__init__()
        self.tops = [ui.SimpleStringModel(text) for text in ("one", "two", "three")]
        self.below = {id(self.tops[0]): [ui.SimpleStringModel("half")]}

    def get_item_children(self, item=None):
        return self.tops if item is None else self.below.get(id(item), [])

    def get_item_value_model(self, item=None, column_id=0):
        return item


class Demo:
    def __init__(self):
        self.clicks = 0
        self.pixels = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
        self.pixels[..., 3] = 255
        self.provider = ui.ByteImageProvider()
        self.window = ui.Window("Widgets", width=420, height=700)
        with self.window.frame, ui.VStack(spacing=6):
            self.said = ui.Label("nothing yet", identifier="said", mouse_pressed_fn=self.pressed)
            self.fields()
            self.buttons()
            self.frames()
        self.paint(0)
        self.preview = ui.Window("Preview")
        with self.preview.frame, ui.VStack(spacing=6):
            ui.ImageWithProvider(self.provider, height=160, identifier="mask")
            ui.Plot(ui.Type.LINE, 0, 1, 0.1, 0.6, 0.3, 0.9, 0.5, height=40)
            ui.Plot(ui.Type.HISTOGRAM, 0, 5, 1, 3, 2, 5, 4, height=40)
            with ui.HStack(height=24, spacing=6):
                for shape in (ui.Rectangle, ui.Circle, ui.Triangle, ui.Ellipse):
                    shape(width=24, height=24, style={"background_color": ui.color.orange})

    def say(self, text):
        self.said.text = text

    def pressed(self, x, y, button, modifier):
        if button != 1:
            return
        self.menu = ui.Menu("Context")
        with self.menu:
            ui.MenuItem("Hush", triggered_fn=lambda: self.say("hush"))
        self.menu.show()

    def row(self, text, make, identifier):
        with ui.HStack(spacing=6):
            ui.Label(text, width=90)
            field = make(identifier=identifier)
        if hasattr(field.model, "add_value_changed_fn"):
            field.model.add_value_changed_fn(lambda model: self.say(f"{identifier}={model.get_value_as_string()}"))
        return field

    def fields(self):
        self.text = self.row("Text", ui.StringField, "text")
        self.row("Count", ui.IntField, "count")
        self.row("Size", ui.FloatField, "size")
        self.row("Gain", lambda **given: ui.FloatSlider(min=0, max=2, **given), "gain")
        self.row("Steps", lambda **given: ui.IntDrag(min=0, max=10, **given), "steps")
        self.row("Colour", lambda **given: ui.ColorWidget(0.9, 0.4, 0.1, **given), "colour")
        self.row("Position", lambda **given: ui.MultiFloatField(1.0, 2.5, -3.25, **given), "position")
        self.row("Visible", ui.CheckBox, "check")
        combo = self.row("Writer", lambda **given: ui.ComboBox(0, "Basic", "Kitti", "Coco", **given), "combo")
        combo.model.get_item_value_model().add_value_changed_fn(lambda model: self.say(f"combo={model.as_int}"))
        self.row("Notes", lambda **given: ui.StringField(multiline=True, height=50, **given), "notes")
        # A model that refuses: what is typed is taken back.
        odd = self.row("Even", ui.IntField, "even")
        odd.model.add_value_changed_fn(lambda model: model.set_value(model.as_int // 2 * 2))

    def buttons(self):
        with ui.HStack(spacing=6):
            ui.Button("Count", clicked_fn=self.count, identifier="button", tooltip="Counts the clicks")
            ui.Button("Off", enabled=False, identifier="off")
            ui.ToolButton(text="Snap", identifier="tool")
        collection = ui.RadioCollection()
        with ui.HStack(spacing=6):
            for text in ("Disk", "S3"):
                ui.RadioButton(text=text, radio_collection=collection, identifier=text)
        self.progress = ui.ProgressBar(identifier="progress")

    def frames(self):
        with ui.CollapsableFrame("Options", identifier="options"):
            ui.Label("inside", identifier="inside")
        self.items = Items()
        self.tree = ui.TreeView(self.items, root_visible=False, identifier="tree")
        self.tree.set_selection_changed_fn(lambda items: self.say("tree=" + ",".join(each.as_string for each in items)))

    def count(self):
        self.clicks += 1
        self.say(f"clicks={self.clicks}")
        self.progress.model.set_value(self.clicks / 10)

    def paint(self, number):
        self.pixels[...] = 0
        self.pixels[..., 3] = 255
        left = 12 * number % (SIZE[0] - 200)
        self.pixels[200:500, left : left + 200, :3] = (37, 160, 90)
        self.provider.set_data_array(self.pixels, SIZE)


make_stage()
demo = Demo()


async def film():
    for number in range(400):
        demo.paint(number)
        await asyncio.sleep(1 / 30)
    demo.say("film=over")


def start_film():
    demo.task = asyncio.ensure_future(film())


def ask():
    post_notification(
        "A question", hide_after_timeout=False, button_infos=[NotificationButtonInfo("Yes", lambda: demo.say("yes"))]
    )


menus.add_menu_items(
    [
        MenuItemDescription(name="Film", onclick_fn=start_film),
        MenuItemDescription(name="Ask", onclick_fn=ask, hotkey=None),
        MenuItemDescription(name="Focus", onclick_fn=lambda: demo.text.focus_keyboard()),
        MenuItemDescription(),
        MenuItemDescription(
            name="More", sub_menu=[MenuItemDescription(name="Deep", onclick_fn=lambda: demo.say("deep"))]
        ),
    ],
    "Tools",
)
