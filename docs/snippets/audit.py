"""Tell what is wrong with the labels of the open stage, before anything is recorded."""

import omni.usd
from simslate.recorder import audit

found = audit(omni.usd.get_context().get_stage())
print(found.summary.labelled_drawn, "of", found.summary.drawn, "surfaces have a class")
for finding in found.problems:
    print(finding.severity, finding.code, finding.path, finding.text)
