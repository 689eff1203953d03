//! Companies, directions and the calendar.

use serde_json::json;

use super::person::Person;
use super::response::Response;

impl Person {
    /// Makes somebody an engineer of a direction.
    #[track_caller]
    pub fn adds_engineer(&self, direction: i64, who: &Person) {
        let path = format!("/directions/{direction}/engineers/{}", who.id);
        self.call("PUT", &path, None).expect(204);
    }

    /// Makes a customer a member of a project.
    #[track_caller]
    pub fn adds_member(&self, project: i64, who: &Person) {
        let path = format!("/projects/{project}/members/{}", who.id);
        self.call("PUT", &path, None).expect(204);
    }

    /// Lets a customer see this project of the company alone.
    #[track_caller]
    pub fn narrows(&self, who: &Person, project: i64) {
        self.adds_member(project, who);
        self.edits_account(who, json!({ "sees": "listed" }));
    }

    /// Switches a product or a project off, by its path.
    #[track_caller]
    pub fn switches_off(&self, path: &str) {
        self.patch(path, json!({ "is_active": false })).expect(200);
    }

    #[track_caller]
    pub fn closes_company(&self, id: i64) -> Response {
        self.call("POST", &format!("/companies/{id}/close"), None).expect(200)
    }

    #[track_caller]
    pub fn reopens_company(&self, id: i64) -> Response {
        self.call("POST", &format!("/companies/{id}/reopen"), None).expect(200)
    }

    #[track_caller]
    pub fn adds_day_off(&self, on: &str) {
        let day = json!({ "on": on, "kind": "day_off", "reason": "Санитарный день" });
        self.post("/settings/calendar/days", day).expect(201);
    }
}
