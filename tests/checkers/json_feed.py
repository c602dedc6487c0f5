"""Holds a JSON Feed against its schema. usage: json_feed.py SCHEMA FEED_FILE"""
import json, sys

import jsonschema

schema, feed = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
jsonschema.validate(feed, schema)
