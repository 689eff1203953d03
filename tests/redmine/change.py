#!/usr/bin/env python3
"""Changes a Redmine as people do, after a move: notes edited, hidden and deleted, files renamed and deleted,
people locked and deleted, issues moved and deleted, relations, watchers.   change.py TRUTH [BASE]"""
import json,urllib.request,sys
B=sys.argv[2] if len(sys.argv)>2 else 'http://127.0.0.1:3100'; K='1'*40
def call(m,p,o=None):
    r=urllib.request.Request(B+p,method=m,data=None if o is None else json.dumps(o).encode(),headers={'X-Redmine-API-Key':K,'Content-Type':'application/json'})
    try:
        with urllib.request.urlopen(r) as x: 
            d=x.read(); return x.status, json.loads(d) if d.strip() else {}
    except urllib.error.HTTPError as e: return e.code, e.read()[:200]
t=json.load(open(sys.argv[1])); I=t['issues']; P=t['projects']; U=t['users']
iid=lambda k:I[k]['id']
g=lambda k: call('GET',f'/issues/{iid(k)}.json?include=journals,attachments,watchers,relations')[1]['issue']
n=[j for j in g('progress')['journals'] if j['notes']]
print('edit',call('PUT',f"/journals/{n[0]['id']}.json",{'journal':{'notes':'Правка после.'}})[0])
print('delete note',call('PUT',f"/journals/{n[1]['id']}.json",{'journal':{'notes':''}})[0])
m=[j for j in g('twins')['journals'] if j['notes']][0]
print('private',call('PUT',f"/journals/{m['id']}.json",{'journal':{'notes':m['notes'],'private_notes':True}}))
a=g('files-all')['attachments']
print('rename',call('PATCH',f"/attachments/{a[0]['id']}.json",{'attachment':{'filename':'переименован.txt','description':'новое'}})[0])
print('delete file',call('DELETE',f"/attachments/{a[1]['id']}.json")[0])
print('lock',call('PUT',f"/users/{U['cust2']['id']}.json",{'user':{'status':3}})[0])
print('delete user',call('DELETE',f"/users/{U['twin1']['id']}.json")[0])
print('delete issue',call('DELETE',f"/issues/{iid('emoji')}.json")[0])
print('move in company',call('PUT',f"/issues/{iid('work')}.json",{'issue':{'project_id':P['a2']['id']}}))
print('move to another',call('PUT',f"/issues/{iid('new')}.json",{'issue':{'project_id':P['b']['id']}}))
print('relation',call('POST',f"/issues/{iid('watched')}/relations.json",{'relation':{'issue_to_id':iid('progress'),'relation_type':'relates'}})[0])
print('watcher',call('POST',f"/issues/{iid('watched')}/watchers.json",{'user_id':U['eng2']['id']})[0])
print('unwatch',call('DELETE',f"/issues/{iid('watched')}/watchers/{U['eng1']['id']}.json")[0])
print('status',call('PUT',f"/issues/{iid('waiting')}.json",{'issue':{'status_id':2,'notes':'Снова в работе'}})[0])
print('new',call('POST','/issues.json',{'issue':{'project_id':P['a']['id'],'subject':'Новая после','description':'d','custom_fields':[{'id':1,'value':'TAU-8'}]}})[0])
