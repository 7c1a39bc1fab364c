"""Loads a log directory with TensorBoard's own code and prints what it sees as JSON.

Usage: load_events.py LOGDIR
Needs the package "tensorboard" (no TensorFlow).
"""
import json
import logging
import os
import sys

from tensorboard.backend.event_processing import io_wrapper
from tensorboard.backend.event_processing import plugin_event_accumulator
from tensorboard.plugins.hparams import metadata as hparams
from tensorboard.util import tensor_util


def hparams_of(content, tag):
    if tag == hparams.SESSION_START_INFO_TAG:
        start = hparams.parse_session_start_info_plugin_data(content)
        values = {key: getattr(value, value.WhichOneof("kind"))
                  for key, value in start.hparams.items()}
        return {"group": start.group_name, "start": start.start_time_secs, "hparams": values}
    end = hparams.parse_session_end_info_plugin_data(content)
    return {"status": end.status, "end": end.end_time_secs}


def points_of(accumulator, tag, plugin):
    points = []
    for event in accumulator.Tensors(tag):
        array = tensor_util.make_ndarray(event.tensor_proto)
        if plugin == "images":
            width, height, png = array[0], array[1], array[2]
            points.append([event.step, int(width), int(height), png[:4].hex()])
        elif plugin == "text":
            points.append([event.step, array.item().decode("utf-8")])
        else:
            points.append([event.step, array.item()])
    return points


def run(directory):
    accumulator = plugin_event_accumulator.EventAccumulator(directory)
    accumulator.Reload()
    tags = {}
    for tag in accumulator.Tags()["tensors"]:
        data = accumulator.SummaryMetadata(tag).plugin_data
        if data.plugin_name == hparams.PLUGIN_NAME:
            tags[tag] = hparams_of(data.content, tag)
        else:
            tags[tag] = {"plugin": data.plugin_name,
                         "points": points_of(accumulator, tag, data.plugin_name)}
    return tags


def main(logdir):
    logging.disable(logging.WARNING)
    runs = {os.path.relpath(directory, logdir): run(directory)
            for directory in io_wrapper.GetLogdirSubdirectories(logdir)}
    print(json.dumps(runs, indent=1, sort_keys=True))


if __name__ == "__main__":
    main(sys.argv[1])
