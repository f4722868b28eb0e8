"""A day of an organization, through scim2-client: hired, renamed, moved, on leave, back, gone.

    day.py URL    with the token in SCIM_TOKEN

The directory is kept twice: here as plain data, and at the server. After every hour all of it is
read back, page by page, and compared. The client checks every answer against the schemas that the
server publishes.
"""

import os
import sys
from dataclasses import dataclass, field

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import PatchOp, PatchOperation, SCIMException, SearchRequest

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
HIRED = 25
PAGE = 10


@dataclass
class Person:
    """What the identity provider believes of a person."""

    id: str
    user_name: str
    family_name: str
    department: str
    manager: str | None
    active: bool = True
    groups: set = field(default_factory=set)


class Directory:
    """Both sides: what should be, and the server."""

    def __init__(self, url, token):
        headers = {"Authorization": f"Bearer {token}"}
        # Nothing of the environment, such as a proxy, may lead the requests elsewhere.
        self.scim = SyncSCIMClient(
            Client(base_url=url, headers=headers, trust_env=False, timeout=60)
        )
        self.scim.discover()
        self.user = self.scim.get_resource_model("User")
        self.group = self.scim.get_resource_model("Group")
        assert self.user and self.group, "the server does not publish users and groups"
        self.people = {}
        self.teams = {}

    def hire(self, number, department, manager):
        name = f"person{number:02}@example.com"
        sent = self.user.model_validate(
            {
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
                "userName": name,
                "externalId": f"hr-{number}",
                "name": {"givenName": "Person", "familyName": f"Number{number}"},
                "emails": [{"value": name, "type": "work", "primary": True}],
                "active": True,
                ENTERPRISE: {
                    "department": department,
                    "employeeNumber": str(number),
                    **({"manager": {"value": manager}} if manager else {}),
                },
            }
        )
        made = self.scim.create(sent)
        person = Person(made.id, name, f"Number{number}", department, manager)
        self.people[made.id] = person
        return person

    def found(self, name, members):
        body = {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "displayName": name,
            "members": [{"value": person.id} for person in members],
        }
        made = self.scim.create(self.group.model_validate(body))
        self.teams[made.id] = name
        for person in members:
            person.groups.add(made.id)
        return made.id

    def change_person(self, person, *operations):
        self.scim.modify(self.user, person.id, PatchOp[self.user](operations=list(operations)))

    def change_team(self, team, *operations):
        self.scim.modify(self.group, team, PatchOp[self.group](operations=list(operations)))

    def join(self, team, *people):
        value = [{"value": person.id} for person in people]
        self.change_team(team, PatchOperation(op="add", path="members", value=value))
        for person in people:
            person.groups.add(team)

    def leave(self, team, *people):
        removals = [
            PatchOperation(op="remove", path=f'members[value eq "{person.id}"]')
            for person in people
        ]
        self.change_team(team, *removals)
        for person in people:
            person.groups.discard(team)

    def switch(self, person, active):
        self.change_person(person, PatchOperation(op="replace", path="active", value=active))
        person.active = active

    def delete(self, person):
        self.scim.delete(self.user, person.id)
        del self.people[person.id]

    def check(self, hour):
        """Reads everything back."""
        users = {user.id: user for user in self.pages(self.user)}
        expect(hour, "the ids of the people", set(users), set(self.people))
        for person in self.people.values():
            self.check_person(hour, person, users[person.id])
        groups = {group.id: group for group in self.pages(self.group)}
        expect(hour, "the teams", {it: groups[it].display_name for it in groups}, self.teams)
        for team in self.teams:
            inside = {member.value for member in groups[team].members or []}
            wanted = {it.id for it in self.people.values() if team in it.groups}
            expect(hour, f"the members of {self.teams[team]}", inside, wanted)
        print(f"{hour}: {len(users)} people in {len(groups)} teams")

    def check_person(self, hour, person, user):
        who = person.user_name
        employment = user[ENTERPRISE]
        manager = employment.manager.value if employment.manager else None
        expect(hour, f"{who}: userName", user.user_name, person.user_name)
        expect(hour, f"{who}: familyName", user.name.family_name, person.family_name)
        expect(hour, f"{who}: department", employment.department, person.department)
        expect(hour, f"{who}: manager", manager, person.manager)
        expect(hour, f"{who}: active", user.active, person.active)
        told = {group.value for group in user.groups or []}
        expect(hour, f"{who}: groups", told, person.groups)

    def pages(self, model):
        """All resources, page by page; every one once."""
        found, start = [], 1
        while True:
            request = SearchRequest(start_index=start, count=PAGE)
            page = self.scim.query(model, query_parameters=request)
            found += page.resources or []
            start += PAGE
            if start > page.total_results:
                break
        ids = [it.id for it in found]
        assert len(ids) == len(set(ids)) == page.total_results, "a page repeats or loses somebody"
        return found

    def by_cursor(self, model):
        """All resources, cursor by cursor."""
        found, cursor = [], ""
        while cursor is not None:
            request = SearchRequest(cursor=cursor, count=PAGE)
            page = self.scim.query(model, query_parameters=request)
            found += page.resources or []
            cursor = page.next_cursor
        return found


def expect(hour, what, got, wanted):
    if got != wanted:
        sys.exit(f"{hour}: {what}\n  expected {wanted}\n  got      {got}")


def refused(what, call):
    """The call must fail with a SCIM error."""
    try:
        call()
    except SCIMException as error:
        return error
    sys.exit(f"{what} was not refused")


def replace(path, value):
    return PatchOperation(op="replace", path=path, value=value)


def morning(day):
    boss = day.hire(1, "Board", None)
    research = [day.hire(number, "Research", boss.id) for number in range(2, 15)]
    sales = [day.hire(number, "Sales", boss.id) for number in range(15, HIRED + 1)]
    day.check("08:00 hired")
    labs, market = day.found("Research", research), day.found("Sales", [])
    day.join(market, *sales)
    day.check("09:00 teams founded")
    refused("a second team of this name", lambda: day.found("RESEARCH", []))
    return research, sales, labs, market


def noon(day, research, sales, labs, market):
    married = research[0]
    married.user_name, married.family_name = "married@example.com", "Newname"
    day.change_person(
        married,
        replace("userName", married.user_name),
        replace("name.familyName", married.family_name),
        replace('emails[type eq "work"].value', married.user_name),
    )
    day.check("10:00 renamed")
    head, movers = sales[0], research[1:6]
    for person in movers:
        person.department, person.manager = "Sales", head.id
        day.change_person(
            person,
            replace(f"{ENTERPRISE}:department", "Sales"),
            replace(f"{ENTERPRISE}:manager", {"value": head.id}),
        )
    day.leave(labs, *movers)
    day.join(market, *movers)
    day.check("11:00 moved")
    day.teams[labs] = "Laboratory"
    day.change_team(labs, replace("displayName", "Laboratory"))
    day.check("12:00 team renamed")


def evening(day, research, sales, labs, market):
    away = research[6:9]
    for person in away:
        day.switch(person, False)
    day.check("13:00 on leave")
    day.switch(away[0], True)
    day.check("14:00 back")
    gone = away[1]
    day.delete(gone)
    refused("reading who was deleted", lambda: day.scim.query(day.user, gone.id))
    day.check("15:00 gone")
    again = day.hire(99, "Research", None)
    again.user_name = gone.user_name
    day.change_person(again, replace("userName", gone.user_name))
    assert again.id != gone.id, "an id was given twice"
    day.join(labs, again)
    day.check("16:00 the name is used again")
    taken = replace("userName", sales[0].user_name.upper())
    refused("a name that is taken", lambda: day.change_person(again, taken))
    day.scim.delete(day.group, market)
    del day.teams[market]
    for person in day.people.values():
        person.groups.discard(market)
    day.check("17:00 a team was closed")


def main():
    day = Directory(sys.argv[1], os.environ["SCIM_TOKEN"])
    research, sales, labs, market = morning(day)
    noon(day, research, sales, labs, market)
    evening(day, research, sales, labs, market)
    walked = {user.id for user in day.by_cursor(day.user)}
    expect("18:00", "the people, by cursor", walked, set(day.people))
    print("18:00: the day is over")


if __name__ == "__main__":
    main()
