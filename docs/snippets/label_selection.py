"""Label the selected prims. One step of undo; the labels are in the layer that is being edited."""

import omni.kit.commands

omni.kit.commands.execute("SimslateAddLabels", labels="box")
