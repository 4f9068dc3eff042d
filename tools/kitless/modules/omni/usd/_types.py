"""Enums of omni.usd, values as in Kit."""

import enum


class StageEventType(enum.IntEnum):
    """Types of the events in a context's stage event stream."""

    SAVED = 0
    SAVE_FAILED = 1
    OPENING = 2
    OPENED = 3
    OPEN_FAILED = 4
    CLOSING = 5
    CLOSED = 6
    SELECTION_CHANGED = 7
    ASSETS_LOADED = 8
    ASSETS_LOAD_ABORTED = 9
    GIZMO_TRACKING_CHANGED = 10
    MDL_PARAM_LOADED = 11
    SETTINGS_LOADED = 12
    SETTINGS_SAVING = 13
    OMNIGRAPH_START_PLAY = 14
    OMNIGRAPH_STOP_PLAY = 15
    SIMULATION_START_PLAY = 16
    SIMULATION_STOP_PLAY = 17
    ANIMATION_START_PLAY = 18
    ANIMATION_STOP_PLAY = 19
    DIRTY_STATE_CHANGED = 20
    ASSETS_LOADING = 21
    ACTIVE_LIGHT_COUNTS_CHANGED = 22
    HIERARCHY_CHANGED = 23
    HYDRA_GEOSTREAMING_STARTED = 24
    HYDRA_GEOSTREAMING_STOPPED = 25
    HYDRA_GEOSTREAMING_STOPPED_NOT_ENOUGH_MEM = 26
    HYDRA_GEOSTREAMING_STOPPED_AT_LIMIT = 27
    SAVING = 28
    COUNT = 29


class StageState(enum.IntEnum):
    """What a context's stage is doing."""

    CLOSED = 0
    OPENING = 1
    OPENED = 2
    CLOSING = 3


class UsdContextInitialLoadSet(enum.IntEnum):
    """Which payloads are loaded when a stage is opened."""

    LOAD_ALL = 0
    LOAD_NONE = 1
