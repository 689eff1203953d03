//! Events cannot be changed or deleted (section 1 of the contract).

use crate::support::TestApp;

/// Section 1 of the contract: nobody changes or deletes an event, not even in the database.
#[test]
fn a7_the_database_refuses_to_touch_events() {
    let app = TestApp::spawn();
    let id = app.ticket("closed");
    let before = app.engineer().history(id);

    for statement in [
        "update events set body = '{}'",
        "update events set at = at where false",
        "delete from events",
        "truncate events cascade",
        "update feed set company_id = null",
        "delete from feed",
        "truncate feed",
        "truncate tickets cascade",
        "insert into events overriding system value select * from events
            on conflict (id) do update set body = '{}'",
    ] {
        // The inner block fails as it should, or the outer one does. Jobs lock the same tables
        // meanwhile, in an order of their own.
        app.sql(&format!(
            "do $$ begin
                loop
                    begin
                        {statement};
                        exit;
                    exception
                        when insufficient_privilege then return;
                        when deadlock_detected then null;
                    end;
                end loop;
                raise exception 'the database let it pass';
            end $$"
        ));
    }

    assert_eq!(app.engineer().history(id), before);
}
