"""Holds JSON Feeds against their schema. usage: json_feed.py SCHEMA FEED_FILE…"""
import json, sys

import jsonschema

schema, *feeds = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
validator = jsonschema.validators.validator_for(schema)(schema)
for feed in feeds:
    validator.validate(feed)
