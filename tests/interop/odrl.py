"""Reads ODRL policies with processors of JSON-LD that are not ours, and checks them.

Called with files of policies. PyLD and rdflib make triples of each, which must be the same; every name
in ODRL's namespace must be one that ODRL 2.2 defines, by the list that rdflib carries; and the policy
must have the parts that ODRL's information model asks for. Nothing is fetched: a policy holds its
context, and a document that is asked for all the same is an error.
"""

import json
import sys

from pyld import jsonld
from rdflib import RDF, Graph
from rdflib.compare import to_isomorphic
from rdflib.namespace import ODRL2

ODRL = str(ODRL2._NS)
PROFILE = "urn:deedbook:odrl:1:"
# Rights, and the operand and value of the share, as the profile describes them.
OPERANDS = {PROFILE + "profitShare"}


def refuse(url, options):
    raise ValueError("the document asks for " + url)


def check(condition, what):
    if not condition:
        raise ValueError(what)


def names(graph):
    """Every IRI of the graph that stands in ODRL's namespace, without it."""
    for triple in graph:
        for term in triple:
            text = str(term)
            if not hasattr(term, "language") and text.startswith(ODRL):
                yield text[len(ODRL) :]


def one(graph, subject, name):
    found = list(graph.objects(subject, ODRL2[name]))
    check(len(found) == 1, f"{subject} has {len(found)} values of `{name}`, must have 1")
    return found[0]


def constraint(graph, subject):
    operand, operator = one(graph, subject, "leftOperand"), one(graph, subject, "operator")
    check(list(graph.objects(subject, ODRL2.rightOperand)), "a constraint has no right operand")
    check(str(operand).startswith(ODRL) or str(operand) in OPERANDS, f"`{operand}` is no operand")
    check(str(operator).startswith(ODRL), f"`{operator}` is no operator")


def policy(graph):
    kinds = {ODRL2.Offer, ODRL2.Agreement}
    found = [(it, kind) for it, kind in graph.subject_objects(RDF.type) if kind in kinds]
    check(len(found) == 1, f"there are {len(found)} policies, must be 1")
    policy, kind = found[0]
    one(graph, policy, "profile")
    permissions = list(graph.objects(policy, ODRL2.permission))
    check(permissions, "there is no permission")
    for permission in permissions:
        one(graph, permission, "assigner")
        if kind == ODRL2.Agreement:
            one(graph, permission, "assignee")
        check(list(graph.objects(permission, ODRL2.target)), "a permission has no target")
        actions = list(graph.objects(permission, ODRL2.action))
        check(actions, "a permission has no action")
        for action in actions:
            check(str(action).startswith(PROFILE), f"`{action}` is no action of the profile")
        for subject in graph.objects(permission, ODRL2.constraint):
            constraint(graph, subject)
        for duty in graph.objects(permission, ODRL2.duty):
            action = one(graph, duty, "action")
            value = list(graph.objects(action, RDF.value))
            check(value == [ODRL2.compensate], f"the action of a duty is {value}")
            one(graph, duty, "compensatedParty")
            for subject in graph.objects(action, ODRL2.refinement):
                constraint(graph, subject)


def triples(text):
    """As PyLD has them, and as rdflib has them."""
    document = json.loads(text)
    expanded = jsonld.expand(document)
    check(len(expanded) == 1, "the document has more than one thing at its top")
    quads = jsonld.to_rdf(document, {"format": "application/n-quads"})
    return Graph().parse(data=quads, format="nt"), Graph().parse(data=text, format="json-ld")


def main(paths):
    jsonld.set_document_loader(refuse)
    for path in paths:
        with open(path, encoding="utf-8") as file:
            theirs, others = triples(file.read())
        check(len(theirs) > 10, f"{len(theirs)} triples")
        for graph in (theirs, others):
            for name in names(graph):
                check(name in ODRL2, f"`{name}` is not a name of ODRL 2.2")
            policy(graph)
        one_of, other = to_isomorphic(theirs), to_isomorphic(others)
        check(one_of == other, "PyLD and rdflib read different triples")
        print(path, len(theirs))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Exception as error:
        print(error, file=sys.stderr)
        sys.exit(1)
