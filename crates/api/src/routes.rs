//! Every route, once: what is served is what is documented.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    api_tokens, auth, comments, companies, directions, events, me, products, projects, reference,
    refusals, sandbox, tickets, users,
};

/// Where the API lives.
pub const BASE: &str = "/api/v1";

/// Registers every operation of the API.
pub fn api(routes: &mut ServiceConfig<'_>) {
    routes
        .service(reference::show)
        .service(auth::login::login)
        .service(auth::refresh::refresh)
        .service(auth::logout::logout)
        .service(auth::password::change_password)
        .service(auth::reset::reset_password)
        .service(auth::reset::confirm)
        .service(me::profile::show)
        .service(me::profile::edit)
        .service(me::tickets::list)
        .service(me::sessions::list)
        .service(me::sessions::end)
        .service(api_tokens::list::list)
        .service(api_tokens::create::create)
        .service(api_tokens::revoke::revoke)
        .service(tickets::check::check)
        .service(tickets::create::create)
        .service(tickets::list::list)
        .service(tickets::show::show)
        .service(tickets::edit::edit)
        .service(tickets::transition::transitions)
        .service(tickets::transition::create_transition)
        .service(tickets::confirm::confirm)
        .service(comments::list::list)
        .service(comments::create::create)
        .service(comments::read::mark)
        .service(comments::edit::edit)
        .service(comments::versions::list)
        .service(comments::redact::redact)
        .service(tickets::history::list)
        .service(tickets::verify::show)
        .service(tickets::assign::assign)
        .service(tickets::assign_auto::assign_auto)
        .service(tickets::watch::watch)
        .service(tickets::watch::unwatch)
        .service(tickets::link::link)
        .service(tickets::link::unlink)
        .service(refusals::list::list)
        .service(refusals::show::show)
        .service(refusals::register::register_refused)
        .service(refusals::confirm::confirm)
        .service(companies::list)
        .service(companies::create)
        .service(companies::show)
        .service(companies::edit)
        .service(users::list::list)
        .service(users::create::create)
        .service(users::show::show)
        .service(users::edit::edit)
        .service(users::invite::invite)
        .service(users::deactivate::deactivate)
        .service(users::absence::set)
        .service(users::absence::end)
        .service(directions::assignment::show)
        .service(directions::assignment::set)
        .service(directions::list)
        .service(directions::create)
        .service(directions::edit)
        .service(directions::add_engineer)
        .service(directions::remove_engineer)
        .service(projects::list)
        .service(projects::create)
        .service(projects::show)
        .service(projects::edit)
        .service(projects::engineers)
        .service(products::list)
        .service(products::create)
        .service(products::show)
        .service(products::edit)
        .service(events::list::list)
        .service(events::stream::stream)
        .service(sandbox::clock::show)
        .service(sandbox::clock::set);
}
