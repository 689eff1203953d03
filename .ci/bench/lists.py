"""How long lists take: one or two filters in each order, my page, the queue, the inbox."""

import itertools

SORTS = ["-created_at", "created_at", "-updated_at", "updated_at", "priority", "due_at"]
KEYS = ["project_id", "company_id", "product_id", "direction_id", "assignee_id"]


def lists(cluster, service, before):
    """Milliseconds of each list in one order of theirs; prints how they stand beside those of a smaller system."""
    token = service.sign_in("engineer")
    where = cluster.sql(f"""select {", ".join(KEYS)} from tickets
        where is_open and product_id is not null and assignee_id is not null order by id desc limit 1""").split("|")
    filters = ["status=open", "tracker=bug", "priority=high"] + [f"{key}={it}" for key, it in zip(KEYS, where)]
    pairs = ["&".join(it) for it in itertools.combinations(filters, 2)]
    paths = [f"/tickets?{it}&sort={sort}" for it in filters + pairs for sort in SORTS]
    took = [(service.took(it, token), it) for it in paths + ["/me/tickets", "/queue", "/me/notifications"]]
    ordered = sorted(took, reverse=True)
    over = sum(it > 50 for it, _ in took)
    print(f"\n{len(took)} lists on one connection: {over} over 50 ms, median {ordered[len(took) // 2][0]:.1f} ms; the longest: "
          + ", ".join(f"{ms:.0f} ms `{path}`" for ms, path in ordered[:5]), flush=True)
    if before:
        dearer = sum(now > 1.5 * then for (now, _), (then, _) in zip(took, before))
        ratio = sum(it for it, _ in took) / sum(it for it, _ in before)
        print(f"Beside the smaller system: {ratio:.2f} × in all, {dearer} of them more than 1.5 ×", flush=True)
    return took
