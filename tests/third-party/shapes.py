"""Holds every answer against botocore's own model of the operation: no element that the model does
not know, no required member missing, no value outside an enumeration.

botocore's parser forgives all three in silence, so the raw body is read here, beside it.
"""

import json
import xml.etree.ElementTree as tree

from botocore import parsers

# Around every answer, in no operation's own shape.
ENVELOPE = {"ResponseMetadata", "requestId", "RequestId"}


class Found(set):
    """What is wrong, and how many answers were read for it."""

    read = 0


def watch(client, found):
    """Lets each answer of `client` be read; what is wrong is added to `found`."""

    def read(response_dict, parsed_response, **event):
        # Failed calls carry an error's body, which the parser needs no model for.
        if response_dict["status_code"] >= 300:
            return
        name = event["event_name"].rsplit(".", 1)[-1] if "event_name" in event else event["context"]
        found.read += 1
        operation = client.meta.service_model.operation_model(name)
        try:
            body(operation, response_dict, lambda where, what: found.add(f"{name}: {where}: {what}"))
        except tree.ParseError as error:
            found.add(f"{name}: not XML: {error}")

    client.meta.events.register("response-received", read)
    return client


def body(operation, response, say):
    shape, protocol = operation.output_shape, operation.service_model.resolved_protocol
    if shape is None:
        return
    payload = shape.serialization.get("payload")
    if payload and shape.members[payload].type_name != "structure":
        return
    if payload:
        shape = shape.members[payload]
    raw = response["body"]
    if protocol.startswith("smithy"):
        if response["headers"].get("smithy-protocol") != "rpc-v2-cbor":
            say("", "no smithy-protocol, which the SDK for JavaScript insists on")
        # The reader alone: what it makes of a shape would be forgiving here too.
        reader = parsers.create_parser(protocol)
        as_json(reader.parse_data_item(reader.get_peekable_stream_from_bytes(raw)), shape, shape.name, say)
        return
    if protocol == "json":
        as_json(json.loads(raw or b"{}"), shape, shape.name, say)
        return
    if not raw:
        root = tree.Element("nothing")
    else:
        root = tree.fromstring(raw)
    wrapper = shape.serialization.get("resultWrapper")
    if wrapper:
        inner = [c for c in root if local(c) == wrapper]
        if not inner:
            say("", f"no {wrapper}")
            return
        root = inner[0]
    as_xml(root, shape, shape.name, say, top=True)


def as_json(value, shape, where, say):
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            say(where, f"no object: {value!r}")
            return
        for name in value.keys() - shape.members.keys():
            say(where, f"unknown member {name}")
        for name in set(shape.required_members) - value.keys():
            say(where, f"{name} is missing")
        for name in value.keys() & shape.members.keys():
            as_json(value[name], shape.members[name], f"{where}.{name}", say)
    elif kind == "list":
        for one in value:
            as_json(one, shape.member, f"{where}[]", say)
    elif kind == "map":
        for one in value.values():
            as_json(one, shape.value, f"{where}{{}}", say)
    elif kind != "blob":
        types = {"string": str, "boolean": bool, "integer": int, "long": int}
        if kind in types and not isinstance(value, types[kind]):
            say(where, f"{value!r} is no {kind}")
        allowed(value, shape, where, say)


def as_xml(node, shape, where, say, top=False):
    kind = shape.type_name
    if kind == "structure":
        members = {}
        for name, member in shape.members.items():
            if member.serialization.get("location") in ("header", "headers", "uri", "statusCode"):
                continue
            if not member.serialization.get("xmlAttribute"):
                members[wire_name(name, member)] = (name, member)
        seen = {}
        for child in node:
            seen.setdefault(local(child), []).append(child)
        for name in seen.keys() - members.keys() - (ENVELOPE if top else set()):
            say(where, f"unknown element {name}")
        for wire, (name, member) in members.items():
            children = seen.get(wire, [])
            if not children:
                if name in shape.required_members and not flat(member):
                    say(where, f"{name} is missing")
            elif flat(member):
                for child in children:
                    as_xml(child, member.member, f"{where}.{name}[]", say)
            else:
                if len(children) > 1:
                    say(where, f"{name} comes {len(children)} times")
                as_xml(children[0], member, f"{where}.{name}", say)
    elif kind == "list":
        item = shape.member.serialization.get("name", "member")
        for child in node:
            if local(child) != item:
                say(where, f"element {local(child)} where {item} belongs")
            else:
                as_xml(child, shape.member, f"{where}[]", say)
    elif kind != "map":
        text = node.text or ""
        if kind in ("integer", "long") and not text.lstrip("-").isdigit():
            say(where, f"{text!r} is no {kind}")
        if kind == "boolean" and text not in ("true", "false"):
            say(where, f"{text!r} is no boolean")
        allowed(text, shape, where, say)


def allowed(value, shape, where, say):
    values = getattr(shape, "enum", None) or []
    if values and value not in values and value != "":
        say(where, f"{value!r} is none of {', '.join(values[:12])}")


def wire_name(name, member):
    if flat(member):
        return member.member.serialization.get("name", member.serialization.get("name", name))
    return member.serialization.get("name", name)


def flat(member):
    return member.type_name == "list" and member.serialization.get("flattened")


def local(node):
    return node.tag.rsplit("}", 1)[-1]
