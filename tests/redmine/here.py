"""The helpdesk and the Redmine as their people reach them, and the database of the first."""
import http.client, json, subprocess, urllib.parse

PASSWORD = 'тихий вечер у большой реки'


def rows(database, sql):
    asked = f"select coalesce(json_agg(it), '[]') from ({sql}) as it"
    out = subprocess.run(['psql', database, '-qAtc', asked], capture_output=True, text=True)
    if out.returncode:
        raise SystemExit(out.stderr)
    return json.loads(out.stdout)


def run(database, sql):
    subprocess.run(['psql', database, '-qAtc', sql], check=True, capture_output=True)


class Site:
    """One side, over one connection; a request is (status, JSON or bytes)."""

    def __init__(self, base):
        self.address = urllib.parse.urlsplit(base)
        self.link = None

    def __call__(self, method, path, body=None, **headers):
        headers = {name.replace('_', '-'): value for name, value in headers.items()}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers['Content-Type'] = 'application/json'
        for attempt in range(3):
            try:
                self.link = self.link or http.client.HTTPConnection(self.address.netloc, timeout=60)
                self.link.request(method, self.address.path + urllib.parse.quote(path, safe='/?&=%,|*:'), data, headers)
                answer = self.link.getresponse()
                data = answer.read()
                break
            except (OSError, http.client.HTTPException):
                self.link = None
                if attempt == 2:
                    raise
        is_json = 'json' in (answer.getheader('Content-Type') or '')
        return answer.status, json.loads(data) if is_json and data.strip() else data


class Here(Site):
    """The helpdesk, with a password for everybody who came over."""

    def __init__(self, base, database, email, one_time):
        super().__init__(base)
        self.database = database
        status, told = self.sign_in(email, one_time)
        if status == 200:
            change = {'current_password': one_time, 'new_password': PASSWORD}
            self('POST', '/api/v1/auth/password', change, Authorization=f'Bearer {told["access_token"]}')
        run(database, f"""update users set must_change_password = false, password_hash =
            (select password_hash from users where email = '{email}')
            where id in (select id from imported where kind = 'person') and is_active""")
        self.admin = self.token(email)

    def sign_in(self, email, password):
        return self('POST', '/api/v1/auth/login', {'email': email, 'password': password})

    def token(self, email):
        status, told = self.sign_in(email, PASSWORD)
        if status != 200:
            raise SystemExit(f'{email} cannot sign in: {status} {told}')
        return told['access_token']

    def get(self, token, path):
        return self('GET', f'/api/v1{path}', Authorization=f'Bearer {token}')

    def all(self, token, path):
        """Every item of a list."""
        items, cursor = [], ''
        while True:
            mark = '&' if '?' in path else '?'
            status, page = self.get(token, f'{path}{mark}limit=100{cursor}')
            if status != 200:
                return items
            items += page['items']
            if not page.get('next_cursor'):
                return items
            cursor = f'&cursor={page["next_cursor"]}'
