"""Lets Rasa 3.6 train and serve without TensorFlow, for assistants that use none of its neural components.

Rasa imports its neural modules at start, whether a bot uses them or not: 2 GB on disk, 350 MB of memory and several
seconds. Where TensorFlow is not installed, the modules named below are left out: each of their classes is replaced by
one of the same name that says so when somebody tries to use it. No module called `tensorflow` is ever made.
The `.pth` file beside this one installs the finder when Python starts, so `rasa train` and `rasa run` work as they are.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import types

LEFT_OUT = frozenset(
    {
        "rasa.nlu.classifiers.diet_classifier",
        "rasa.nlu.featurizers.dense_featurizer.convert_featurizer",
        "rasa.nlu.featurizers.dense_featurizer.lm_featurizer",
        "rasa.nlu.selectors.response_selector",
        "rasa.core.policies.ted_policy",
        "rasa.core.policies.unexpected_intent_policy",
        "rasa.utils.tensorflow.callback",
        "rasa.utils.tensorflow.crf",
        "rasa.utils.tensorflow.data_generator",
        "rasa.utils.tensorflow.environment",
        "rasa.utils.tensorflow.layers",
        "rasa.utils.tensorflow.layers_utils",
        "rasa.utils.tensorflow.metrics",
        "rasa.utils.tensorflow.models",
        "rasa.utils.tensorflow.rasa_layers",
        "rasa.utils.tensorflow.transformer",
        "rasa.utils.tensorflow.types",
    }
)


class NeedsTensorFlow(ImportError):
    """Somebody configured a component that cannot work without TensorFlow."""


def _refuse(cls, *_arguments, **_options):
    raise NeedsTensorFlow(
        f"{cls.__module__}.{cls.__name__} needs TensorFlow, which is not installed here; "
        "install tensorflow==2.12.0, or take the component out of config.yml."
    )


def _nothing_to_do(*_arguments, **_options):
    """Functions such as `setup_tf_environment`: without TensorFlow there is nothing to set up."""


class LeftOutModule(types.ModuleType):
    """Stands where a neural module would be; every class that is asked of it can be named, not used."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name.islower():
            stand_in = _nothing_to_do
        else:
            stand_in = type(name, (), {"__module__": self.__name__, "__new__": _refuse, "create": classmethod(_refuse)})
        setattr(self, name, stand_in)
        return stand_in


class LeftOutFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answers for the modules of LEFT_OUT; everything else is found as always."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname not in LEFT_OUT:
            return None
        return importlib.machinery.ModuleSpec(fullname, self)

    def create_module(self, spec):
        return LeftOutModule(spec.name)

    def exec_module(self, module):
        """Nothing to run: the names appear when they are asked for."""


def install() -> None:
    """Puts the finder first, once, where TensorFlow is not installed; and keeps Rasa from reporting home unless asked to."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    if any(isinstance(finder, LeftOutFinder) for finder in sys.meta_path):
        return
    if importlib.util.find_spec("tensorflow") is None:
        sys.meta_path.insert(0, LeftOutFinder())
