#!/usr/bin/env python3
"""What was sent to a Redmine, held against the tickets here.   truth.py DATABASE_URL TRUTH..."""
import json,hashlib,subprocess,sys
def q(s):
    o=subprocess.run(['psql',sys.argv[1],'-qAtc',f"select coalesce(json_agg(x),'[]') from ({s}) x"],capture_output=True,text=True); 
    if o.returncode: raise SystemExit(o.stderr)
    return json.loads(o.stdout)
sha=lambda s: hashlib.sha256(s.replace('\r\n','\n').encode()).hexdigest()
T={r['id']:r for r in q("select t.id,t.status,t.priority,t.tracker,t.subject,x.description,t.company_id,c.name as company,u.first_name||' '||u.last_name author, a.first_name||' '||a.last_name assignee,t.parent_id, i.about from tickets t join ticket_texts x on x.ticket_id=t.id join companies c on c.id=t.company_id join users u on u.id=t.author_id left join users a on a.id=t.assignee_id join imported i on i.kind='ticket' and i.id=t.id")}
C={}
for r in q("select c.*, n.about, u.first_name||' '||u.last_name author from comments c left join imported n on n.kind='note' and n.id=c.id join users u on u.id=c.author_id order by c.id"): C.setdefault(r['ticket_id'],[]).append(r)
F={}
for r in q("select a.ticket_id,a.filename,a.size,encode(a.sha256,'hex') sha,a.is_internal,a.description,a.redacted_at from attachments a order by id"): F.setdefault(r['ticket_id'],[]).append(r)
W={}
for r in q("select w.ticket_id, i.source_id from ticket_watchers w join imported i on i.kind='person' and i.id=w.user_id"): W.setdefault(r['ticket_id'],[]).append(r['source_id'])
L={}
for r in q("select * from ticket_links"): L.setdefault(r['ticket_id'],set()).add(r['other_id'])
S={'Новая':'new','В работе':'in_progress','Решена':'resolved','Обратная связь':'feedback','Закрыта':'closed','Отклонена':'rejected','Ждем релиза':'awaiting_release','В ожидании':'on_hold'}
Pm={'Минимальный':'low','Средний':'medium','Высокий':'high','Критический':'critical'}
bad=0
def d(*a):
    global bad; bad+=1; print(*a)
for f in sys.argv[2:]:
    t=json.load(open(f)); U=t['users']
    gone={k for k,u in U.items() if u['status']=='deleted'}
    for tag,i in t['issues'].items():
        if i['project']=='arch': continue
        h=T.get(i['id'])
        if not h: d(tag,i['id'],'missing'); continue
        if h['status']!=S[i['status']]: d(tag,'status',h['status'],i['status'])
        if h['priority']!=Pm[i['prio']]: d(tag,'prio')
        if h['subject']!=i['subject']: d(tag,'subject')
        if sha(h['about'].get('original') or h['description'])!=i['description_sha256']: d(tag,'description')
        a=i['author']; name='Удаленный пользователь' if a in gone else (f"{U[a]['firstname']} {U[a]['lastname']}" if a!='admin' else 'Redmine Admin')
        if h['author']!=name: d(tag,'author',h['author'],name)
        to=i.get('to')
        want=None if not to or to in gone or to in t['groups'] else f"{U[to]['firstname']} {U[to]['lastname']}"
        if h['assignee']!=want: d(tag,'assignee',h['assignee'],to)
        cs=C.get(i['id'],[])
        if len(cs)!=len(i['notes']): d(tag,'notes',len(cs),len(i['notes']))
        for c,n in zip(cs,i['notes']):
            if sha((c['about'] or {}).get('original') or c['body'])!=n['sha256']: d(tag,'note',c['id'])
            if c['is_internal']!=n['private']: d(tag,'private note')
            b=n['by']; nm='Удаленный пользователь' if b in gone else 'Redmine Admin' if b=='admin' else f"{U[b]['firstname']} {U[b]['lastname']}"
            if c['author']!=nm: d(tag,'note author',c['author'],nm)
        fs=F.get(i['id'],[]); live=[x for x in i['files'] if not x.get('deleted')]
        have=sorted((x['sha'],x['size']) for x in fs)
        for x in live:
            if (x['sha256'],x['size']) not in have and 'lost' not in x['sent_name']: d(tag,'file',x['sent_name'])
        if i['private'] and 'частные' not in h['company']: d(tag,'private')
        ws=set()
        for w in i['watchers']:
            for p in (t['groups'][w]['users'] if w in t['groups'] else [w]): ws.add(p)
        # Whoever may not see it is no watcher here.
        lost={w for w in ws if w not in gone and w!='latin' and U[w]['id'] not in W.get(i['id'],[])}
        if lost: d(tag,'watchers not there',lost)
        for k,b,_ in i['relations']:
            o=t['issues'][b]['id']
            # Across companies: in the report alone.
            if T.get(o,{}).get('company_id')!=h['company_id']: continue
            if o not in L.get(i['id'],set()): d(tag,'relation',k,b)
    print(f, len(t['issues']), 'issues,', bad, 'differences')
sys.exit(1 if bad else 0)
