//! The table of problem codes: each with its status, its title and what to do about it.

use actix_web::http::StatusCode;
use domain::Text;

macro_rules! codes {
    ($($(#[$about:meta])* $name:ident = $code:literal, $status:ident,
        [$title_ru:literal, $title_kk:literal, $title_en:literal],
        [$ru:literal, $kk:literal, $en:literal];)+) => {
        /// The stable code that clients branch on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $($(#[$about])* $name,)+ }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The HTTP status it comes with.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)+ }
            }

            /// The kind of problem.
            pub const fn title(self) -> Text {
                match self { $(Self::$name => Text::new($title_ru, $title_kk, $title_en),)+ }
            }

            /// What to do about it.
            pub const fn detail(self) -> Text {
                match self { $(Self::$name => Text::new($ru, $kk, $en),)+ }
            }
        }
    };
}

codes! {
    /// The body is not JSON.
    MalformedBody = "malformed_body", BAD_REQUEST,
        ["Тело запроса не читается", "Сұраудың денесі оқылмайды", "The body cannot be parsed"],
        ["Ожидается JSON в UTF-8, без повторяющихся полей.", "UTF-8 форматындағы, қайталанатын өрістері жоқ JSON күтіледі.", "The body must be JSON in UTF-8, without repeated members."];
    /// A query parameter that the operation does not have.
    UnknownParameter = "unknown_parameter", BAD_REQUEST,
        ["Неизвестный параметр", "Белгісіз параметр", "Unknown parameter"],
        ["У этой операции нет такого параметра.", "Бұл операцияда мұндай параметр жоқ.", "The operation does not have this parameter."];
    /// The same query parameter is given twice.
    RepeatedParameter = "repeated_parameter", BAD_REQUEST,
        ["Параметр повторяется", "Параметр қайталанады", "Repeated parameter"],
        ["Этот параметр задается один раз.", "Бұл параметр бір рет беріледі.", "Send this parameter once."];
    /// The query cannot be read.
    MalformedQuery = "malformed_query", BAD_REQUEST,
        ["Строка запроса не читается", "Сұрау жолы оқылмайды", "The query cannot be parsed"],
        ["Строка запроса должна быть в UTF-8 с процентным кодированием.", "Сұрау жолы пайыздық кодталған UTF-8 болуы керек.", "The query must be percent-encoded UTF-8."];
    /// A header that cannot be read.
    MalformedHeader = "malformed_header", BAD_REQUEST,
        ["Заголовок не читается", "Тақырыптама оқылмайды", "A header cannot be parsed"],
        ["Проверьте формат заголовков запроса.", "Сұрау тақырыптамаларының пішімін тексеріңіз.", "Check the format of the request headers."];
    /// A form without a file, or with more than one.
    MalformedForm = "malformed_form", BAD_REQUEST,
        ["Форма не читается", "Пішін оқылмайды", "The form cannot be parsed"],
        ["Ожидается multipart/form-data с одной частью file.", "Бір file бөлігі бар multipart/form-data күтіледі.", "Send multipart/form-data with one part named file."];
    /// A table that cannot be read.
    MalformedTable = "malformed_table", BAD_REQUEST,
        ["Таблица не читается", "Кесте оқылмайды", "The table cannot be parsed"],
        ["Ожидается CSV с заголовком в первой строке, в UTF-8 или Windows-1251.", "Бірінші жолында тақырыбы бар, UTF-8 не Windows-1251 кодтамасындағы CSV күтіледі.", "Send CSV with a header in its first line, in UTF-8 or Windows-1251."];
    /// A cursor that belongs to another list, or to none.
    InvalidCursor = "invalid_cursor", BAD_REQUEST,
        ["Неверный курсор", "Жарамсыз курсор", "Invalid cursor"],
        ["Курсор относится к другому списку, фильтру или сортировке. Начните с первой страницы.", "Курсор басқа тізімге, сүзгіге немесе сұрыптауға жатады. Бірінші беттен бастаңыз.", "The cursor belongs to another list, filter or order. Start with the first page."];
    /// An operation that cannot be repeated safely: its response is not stored.
    IdempotencyKeyNotSupported = "idempotency_key_not_supported", BAD_REQUEST,
        ["Ключ не поддерживается", "Кілтке қолдау көрсетілмейді", "Idempotency-Key is not supported"],
        ["Ответ этой операции не хранится. Отправьте запрос без Idempotency-Key.", "Бұл операцияның жауабы сақталмайды. Сұрауды Idempotency-Key жоқ жіберіңіз.", "The response of this operation is not stored. Send the request without an Idempotency-Key."];
    /// A body for an operation that takes none.
    BodyNotSupported = "body_not_supported", BAD_REQUEST,
        ["Тело запроса не поддерживается", "Сұрау денесіне қолдау көрсетілмейді", "A body is not supported"],
        ["У этой операции нет тела запроса. Отправьте запрос без него.", "Бұл операцияда сұрау денесі жоқ. Сұрауды денесіз жіберіңіз.", "This operation takes no body. Send the request without one."];
    /// A preflight request for a page of an origin that is not listed.
    OriginNotAllowed = "origin_not_allowed", FORBIDDEN,
        ["Источник не разрешен", "Дереккөзге рұқсат жоқ", "Origin not allowed"],
        ["Источника нет в списке HELPDESK_CORS_ORIGINS.", "Дереккөз HELPDESK_CORS_ORIGINS тізімінде жоқ.", "The origin is not listed in the setting HELPDESK_CORS_ORIGINS."];
    /// The request violates HTTP.
    BadRequest = "bad_request", BAD_REQUEST,
        ["Неверный запрос", "Жарамсыз сұрау", "Bad request"],
        ["Запрос не читается.", "Сұрау оқылмайды.", "The request cannot be parsed."];
    /// There is no token, or it is not valid.
    Unauthenticated = "unauthenticated", UNAUTHORIZED,
        ["Нужен вход", "Кіру қажет", "Authentication required"],
        ["Войдите и передайте токен: Authorization: Bearer …", "Жүйеге кіріп, токенді беріңіз: Authorization: Bearer …", "Sign in and send the token: Authorization: Bearer …"];
    /// A wrong e-mail address or password.
    InvalidCredentials = "invalid_credentials", UNAUTHORIZED,
        ["Вход не выполнен", "Кіру орындалмады", "Sign-in failed"],
        ["Неверный адрес или пароль, либо пароль устарел.", "Мекенжай немесе құпиясөз қате, не құпиясөз ескірген.", "The address or the password is wrong, or the password has expired."];
    /// The refresh token is not valid.
    InvalidRefreshToken = "invalid_refresh_token", UNAUTHORIZED,
        ["Сеанс не продлен", "Сеанс ұзартылмады", "The session was not refreshed"],
        ["Токен обновления недействителен. Войдите снова.", "Жаңарту токені жарамсыз. Қайта кіріңіз.", "The refresh token is not valid. Sign in again."];
    /// The code for a new password is not valid.
    InvalidResetToken = "invalid_reset_token", UNAUTHORIZED,
        ["Код не действует", "Код жарамсыз", "The code is not valid"],
        ["Код для смены пароля устарел или уже использован. Запросите новый.", "Құпиясөзді ауыстыру коды ескірген немесе пайдаланылған. Жаңасын сұраңыз.", "The code has expired or has already been used. Request a new one."];
    /// A link to a file that is forged, has expired, or is not for this file.
    InvalidLink = "invalid_link", FORBIDDEN,
        ["Ссылка не действует", "Сілтеме жарамсыз", "The link is not valid"],
        ["Ссылка устарела или относится к другому файлу. Запросите новую.", "Сілтеме ескірген немесе басқа файлға арналған. Жаңасын сұраңыз.", "The link has expired, or is for another file. Request a new one."];
    /// A ticket for a stream that is unknown, used or expired.
    InvalidTicket = "invalid_ticket", FORBIDDEN,
        ["Билет не действует", "Билет жарамсыз", "The ticket is not valid"],
        ["Билет на поток событий устарел или уже использован. Запросите новый.", "Оқиғалар ағынының билеті ескірген немесе пайдаланылған. Жаңасын сұраңыз.", "The ticket for the stream has expired or has already been used. Request a new one."];
    /// A file of which no small picture can be made.
    NoPreview = "no_preview", NOT_FOUND,
        ["Предпросмотра нет", "Алдын ала қарау жоқ", "There is no preview"],
        ["Предпросмотр есть только у неповрежденных изображений PNG, JPEG, GIF и WebP не больше 40 мегапикселей. Скачайте файл.", "Алдын ала қарау тек 40 мегапиксельден аспайтын, бүлінбеген PNG, JPEG, GIF және WebP суреттерінде бар. Файлды жүктеп алыңыз.", "Only undamaged PNG, JPEG, GIF and WebP pictures of at most 40 megapixels have a preview. Download the file."];
    /// No engineer of the direction is present to take the ticket.
    NobodyPresent = "nobody_present", CONFLICT,
        ["Некому назначить", "Тағайындайтын ешкім жоқ", "No engineer is available"],
        ["Все инженеры направления отсутствуют. Назначьте заявку вручную.", "Бағыт инженерлерінің бәрі орнында жоқ. Өтінімді қолмен тағайындаңыз.", "All engineers of the direction are absent. Assign the ticket manually."];
    /// Somebody has sent the maximum number of bytes within 24 hours.
    TooManyUploads = "too_many_uploads", TOO_MANY_REQUESTS,
        ["Слишком много данных", "Деректер тым көп", "Too much data"],
        ["За сутки отправлено слишком много данных. Повторите позже.", "Бір тәулікте тым көп дерек жіберілді. Кейінірек қайталаңыз.", "You have uploaded too much data within 24 hours. Try again later."];
    /// Somebody is already sending the maximum number of files at once.
    TooManyAtOnce = "too_many_at_once", TOO_MANY_REQUESTS,
        ["Слишком много файлов сразу", "Бірден тым көп файл", "Too many files at once"],
        ["Вы уже отправляете 5 файлов. Дождитесь, пока хотя бы один из них загрузится.", "Сіз қазір 5 файл жіберіп жатырсыз. Кемінде біреуі жүктелгенше күтіңіз.", "You are already sending 5 files. Wait until one of them has arrived."];
    /// The content was permanently removed.
    Redacted = "redacted", GONE,
        ["Содержимое изъято", "Мазмұны алынып тасталды", "The content has been removed"],
        ["Администратор изъял это содержимое; в истории об этом есть запись.", "Әкімші бұл мазмұнды алып тастады; тарихта ол туралы жазба бар.", "An admin has permanently removed this content; the history has a record of it."];
    /// The file does not have the requested bytes.
    RangeNotSatisfiable = "range_not_satisfiable", RANGE_NOT_SATISFIABLE,
        ["Такой части файла нет", "Файлдың мұндай бөлігі жоқ", "Range not satisfiable"],
        ["Запросите один диапазон в пределах размера файла.", "Файл өлшемі шегіндегі бір ауқымды сұраңыз.", "Request one range within the size of the file."];
    /// The role may not do it.
    Forbidden = "forbidden", FORBIDDEN,
        ["Нет прав", "Құқық жоқ", "Not permitted"],
        ["Ваша роль не может выполнить это действие.", "Сіздің рөліңіз бұл әрекетті орындай алмайды.", "Your role does not permit this action."];
    /// The one-time password has not been replaced yet.
    PasswordChangeRequired = "password_change_required", FORBIDDEN,
        ["Смените пароль", "Құпиясөзді ауыстырыңыз", "Change the password"],
        ["Сначала смените одноразовый пароль на свой.", "Алдымен бір реттік құпиясөзді өз құпиясөзіңізге ауыстырыңыз.", "Replace the one-time password with your own first."];
    /// The password was entered too long ago.
    ReauthenticationRequired = "reauthentication_required", FORBIDDEN,
        ["Подтвердите пароль", "Құпиясөзді растаңыз", "Confirm the password"],
        ["Введите пароль еще раз и повторите действие.", "Құпиясөзді қайта енгізіп, әрекетті қайталаңыз.", "Enter your password again, then repeat the request."];
    /// The API token lacks the scope.
    InsufficientScope = "insufficient_scope", FORBIDDEN,
        ["Токену не хватает прав", "Токеннің құқығы жеткіліксіз", "Insufficient scope"],
        ["У этого токена нет нужной области доступа. Создайте токен с ней или войдите с паролем.", "Бұл токенде қажетті рұқсат аумағы жоқ. Ондай токен жасаңыз немесе құпиясөзбен кіріңіз.", "This token lacks the required scope. Create one that has it, or sign in with a password."];
    /// There is no such resource, or the caller may not see it.
    NotFound = "not_found", NOT_FOUND,
        ["Не найдено", "Табылмады", "Not found"],
        ["Не найдено или недоступно вам.", "Табылмады немесе сізге қолжетімсіз.", "The resource does not exist, or you may not see it."];
    /// The path does not support the method.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED,
        ["Метод не поддерживается", "Әдіске қолдау көрсетілмейді", "Method not allowed"],
        ["Заголовок Allow называет возможные методы.", "Allow тақырыптамасы мүмкін әдістерді атайды.", "The Allow header lists the permitted methods."];
    /// The `Accept` header permits none of the operation's media types.
    NotAcceptable = "not_acceptable", NOT_ACCEPTABLE,
        ["Такой вид ответа невозможен", "Мұндай жауап түрі мүмкін емес", "Not acceptable"],
        ["Заголовок Accept не допускает ни одного типа, в котором отвечает операция.", "Accept тақырыптамасы операция жауап беретін түрлердің ешқайсысына рұқсат бермейді.", "The Accept header permits none of the media types that the operation responds with."];
    /// The client was too slow.
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT,
        ["Время ожидания запроса истекло", "Сұрауды күту уақыты бітті", "The request timed out"],
        ["Запрос не пришел целиком за отведенное время.", "Сұрау белгіленген уақытта толық келмеді.", "The request did not arrive completely in time."];
    /// The transition is not in the table of 2.5.
    TransitionNotAllowed = "transition_not_allowed", CONFLICT,
        ["Такой переход невозможен", "Мұндай ауысу мүмкін емес", "Transition not allowed"],
        ["Из этого статуса заявку так перевести нельзя.", "Бұл мәртебеден өтінімді олай ауыстыруға болмайды.", "The ticket cannot be moved to that status from its current one."];
    /// The company is closed.
    CompanyClosed = "company_closed", CONFLICT,
        ["Компания закрыта", "Компания жабылған", "The company is closed"],
        ["У сотрудников закрытой компании нет доступа. Сначала откройте ее снова.", "Жабылған компанияның қызметкерлерінде қолжетімділік жоқ. Алдымен оны қайта ашыңыз.", "The people of a closed company have no access. Reopen it first."];
    /// Only a closed company can be reopened.
    CompanyNotClosed = "company_not_closed", CONFLICT,
        ["Компания не закрыта", "Компания жабылмаған", "The company is not closed"],
        ["Снова открыть можно только закрытую компанию.", "Тек жабылған компанияны қайта ашуға болады.", "Only a closed company can be reopened."];
    /// The release has already been published.
    AlreadyPublished = "already_published", CONFLICT,
        ["Релиз уже вышел", "Релиз жарияланып қойған", "The release has already been published"],
        ["Релиз публикуется один раз; ждавшие его заявки уже переведены в статус «Обратная связь».", "Релиз бір рет жарияланады; оны күткен өтінімдер «Кері байланыс» мәртебесіне ауыстырылған.", "A release is published only once; the tickets that waited for it have been moved to Feedback."];
    /// The author of an article version may not publish it to customers.
    ReviewNeeded = "review_needed", CONFLICT,
        ["Нужна проверка коллеги", "Екінші адамның тексеруі қажет", "A review is needed"],
        ["Эту версию написали вы; опубликовать ее для заказчиков должен кто-то другой.", "Бұл нұсқаны сіз жаздыңыз; оны тапсырыс берушілерге басқа адам жариялауы керек.", "You wrote this version; somebody else has to publish it to customers."];
    /// The ticket is closed or rejected.
    TicketClosed = "ticket_closed", CONFLICT,
        ["Заявка завершена", "Өтінім аяқталған", "The ticket is finished"],
        ["Завершенная заявка не меняется. Создайте новую и укажите эту как родительскую.", "Аяқталған өтінім өзгермейді. Жаңасын жасап, осыны негізгі өтінім ретінде көрсетіңіз.", "A finished ticket cannot be changed. Create a new one with this one as its parent."];
    /// The ticket was merged into another one.
    TicketMerged = "ticket_merged", CONFLICT,
        ["Заявка объединена с другой", "Өтінім басқа өтініммен біріктірілген", "The ticket was merged into another one"],
        ["Продолжайте в той заявке, в которую она объединена.", "Ол біріктірілген өтінімде жалғастырыңыз.", "Continue in the ticket that it was merged into: merged_into names it."];
    /// The ticket that another one is to be merged into is closed or rejected.
    TargetFinished = "target_finished", CONFLICT,
        ["Выбранная заявка завершена", "Таңдалған өтінім аяқталған", "The other ticket is finished"],
        ["Объединить можно только с открытой заявкой.", "Тек ашық өтініммен біріктіруге болады.", "A ticket can be merged only into an open one."];
    /// No clock that a customer's comment started is running.
    NoAnswerDue = "no_answer_due", CONFLICT,
        ["Ответа никто не ждет", "Ешкім жауап күтіп отырған жоқ", "No answer is due"],
        ["Снять можно только срок, который начался с комментария заказчика; принять заявку и закончить работу над ней нужно всегда.", "Тек тапсырыс берушінің пікірінен басталған мерзімді алып тастауға болады; өтінімді қабылдап, жұмысты аяқтау әрқашан қажет.", "Only a deadline that a customer's comment started can be waived; accepting a ticket and finishing the work on it are always due."];
    /// A parent with open children cannot be closed.
    OpenChildren = "open_children", CONFLICT,
        ["Есть открытые дочерние заявки", "Ашық еншілес өтінімдер бар", "The ticket has open children"],
        ["Сначала завершите дочерние заявки.", "Алдымен еншілес өтінімдерді аяқтаңыз.", "Finish the child tickets first."];
    /// Only a resolved ticket can be confirmed.
    NotResolved = "not_resolved", CONFLICT,
        ["Заявка не решена", "Өтінім шешілмеген", "The ticket is not resolved"],
        ["Подтвердить можно только заявку в статусе «Решена».", "Тек «Шешілді» мәртебесіндегі өтінімді растауға болады.", "Only a resolved ticket can be confirmed."];
    /// The refusal has been decided.
    RefusalDecided = "refusal_decided", CONFLICT,
        ["Решение уже принято", "Шешім қабылданған", "Already decided"],
        ["Эта заявка уже зарегистрирована, или отказ подтвержден.", "Бұл өтінім тіркелген немесе бас тарту расталған.", "The request has been registered, or its refusal has been confirmed."];
    /// The customer's own reference is taken.
    ExternalRefTaken = "external_ref_taken", CONFLICT,
        ["Номер уже занят", "Нөмір бос емес", "The reference is taken"],
        ["У другой заявки этого проекта уже такой номер обращения.", "Осы жобаның басқа өтінімінде осындай өтініш нөмірі бар.", "Another ticket of the project already has this reference."];
    /// A person has the maximum number of API tokens.
    TooManyApiTokens = "too_many_api_tokens", CONFLICT,
        ["Слишком много токенов", "Токендер тым көп", "Too many tokens"],
        ["У вас уже 50 токенов API. Отзовите ненужный.", "Сізде 50 API токені бар. Қажетсізін қайтарып алыңыз.", "You already have 50 API tokens. Revoke one that you do not need."];
    /// A company, or the staff, has the maximum number of webhooks.
    TooManyWebhooks = "too_many_webhooks", CONFLICT,
        ["Слишком много вебхуков", "Вебхуктар тым көп", "Too many webhooks"],
        ["Уже есть 20 вебхуков. Удалите ненужный.", "20 вебхук бар. Қажетсізін жойыңыз.", "There are already 20 webhooks. Delete one that is not needed."];
    /// Nothing is sent to a disabled webhook.
    WebhookInactive = "webhook_inactive", CONFLICT,
        ["Вебхук выключен", "Вебхук өшірулі", "The webhook is disabled"],
        ["Сначала включите его.", "Алдымен оны қосыңыз.", "Enable it first."];
    /// Such a resource already exists.
    AlreadyExists = "already_exists", CONFLICT,
        ["Уже существует", "Бұрыннан бар", "Already exists"],
        ["Такая запись уже есть.", "Мұндай жазба бұрыннан бар.", "Such a resource already exists."];
    /// The same request, with the same `Idempotency-Key`, is still in progress.
    RequestInProgress = "request_in_progress", CONFLICT,
        ["Запрос еще выполняется", "Сұрау әлі орындалуда", "The request is still in progress"],
        ["Запрос с этим Idempotency-Key еще выполняется. Повторите немного позже.", "Осы Idempotency-Key бар сұрау әлі орындалуда. Сәл кейінірек қайталаңыз.", "A request with this Idempotency-Key is still in progress; try again after the time given in Retry-After."];
    /// `If-Match` names an older version.
    PreconditionFailed = "precondition_failed", PRECONDITION_FAILED,
        ["Версия устарела", "Нұсқа ескірген", "Outdated version"],
        ["Запись изменилась; прочитайте ее снова и повторите.", "Жазба өзгерді; қайта оқып, қайталаңыз.", "The resource has changed; read it again and repeat the request."];
    /// The body is too large.
    TooLarge = "too_large", PAYLOAD_TOO_LARGE,
        ["Слишком большое тело запроса", "Сұрау денесі тым үлкен", "The body is too large"],
        ["Тело запроса больше допустимого.", "Сұрау денесі рұқсат етілгеннен үлкен.", "The body is larger than permitted."];
    /// The address is too long.
    UriTooLong = "uri_too_long", URI_TOO_LONG,
        ["Слишком длинный адрес", "Мекенжай тым ұзын", "URI too long"],
        ["Адрес запроса длиннее допустимого.", "Сұрау мекенжайы рұқсат етілгеннен ұзын.", "The URI is longer than permitted."];
    /// The media type of the body is not supported.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE,
        ["Неподдерживаемый тип тела запроса", "Сұрау денесінің түріне қолдау көрсетілмейді", "Unsupported media type"],
        ["Операция не принимает тело такого типа. Возможные типы называет заголовок Accept-Post, Accept-Patch или Accept.", "Операция мұндай түрдегі денені қабылдамайды. Мүмкін түрлерді Accept-Post, Accept-Patch не Accept тақырыптамасы атайды.", "The operation does not take a body of this media type. The header Accept-Post, Accept-Patch or Accept lists those it takes."];
    /// Fields are missing or wrong.
    ValidationFailed = "validation_failed", UNPROCESSABLE_ENTITY,
        ["Поля заполнены неверно", "Өрістер қате толтырылған", "Validation failed"],
        ["Исправьте отмеченные поля.", "Белгіленген өрістерді түзетіңіз.", "Correct the fields listed in errors."];
    /// The `Idempotency-Key` has been used with another body.
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY,
        ["Ключ уже использован", "Кілт пайдаланылған", "The key has been used"],
        ["Этот Idempotency-Key уже пришел с другим телом запроса. Новому запросу нужен новый ключ.", "Осы Idempotency-Key басқа сұрау денесімен келген. Жаңа сұрауға жаңа кілт керек.", "This Idempotency-Key has been used with a different body. A new request needs a new key."];
    /// Support has already decided what becomes of an e-mail.
    MailSettled = "mail_settled", CONFLICT,
        ["Письмо уже разобрано", "Хат қаралып қойған", "The e-mail has been settled"],
        ["Из письма уже сделан комментарий или заявка, или оно отклонено.", "Хаттан пікір не өтінім жасалып қойған немесе ол қабылданбаған.", "A comment or a ticket has already been created from the e-mail, or it has been dismissed."];
    /// Nobody has confirmed the solution.
    ConfirmationMissing = "confirmation_missing", UNPROCESSABLE_ENTITY,
        ["Нет подтверждения заказчика", "Тапсырыс берушінің растауы жоқ", "Confirmation missing"],
        ["Заявку закрывают после подтверждения заказчика; можно указать его комментарий с подтверждением.", "Өтінім тапсырыс беруші растағаннан кейін жабылады; оның растау пікірін көрсетуге болады.", "A ticket can be closed only after the customer has confirmed the solution; confirmation_comment_id may name the comment that confirms it."];
    /// The request describes no problem (3.4.1.1).
    NoDescription = "no_description", UNPROCESSABLE_ENTITY,
        ["Нет описания", "Сипаттамасы жоқ", "No description"],
        ["Описание не говорит о проблеме ничего сверх темы.", "Сипаттама тақырыптан артық ештеңе айтпайды.", "The description says nothing beyond the subject."];
    /// The sender needs more knowledge (3.4.1.2).
    InsufficientKnowledge = "insufficient_knowledge", UNPROCESSABLE_ENTITY,
        ["Недостаточный уровень знаний", "Білім деңгейі жеткіліксіз", "Insufficient knowledge"],
        ["Нужен специалист с более высоким уровнем знаний.", "Білім деңгейі жоғарырақ маман қажет.", "A specialist with a higher level of knowledge is needed."];
    /// The request is impolite (3.4.1.3).
    Impolite = "impolite", UNPROCESSABLE_ENTITY,
        ["Нарушены нормы вежливости", "Сыпайылық нормалары бұзылды", "Impolite"],
        ["В тексте есть грубые слова.", "Мәтінде дөрекі сөздер бар.", "The text contains rude words."];
    /// The request is registered already (3.4.1.4).
    AlreadyRegistered = "already_registered", CONFLICT,
        ["Уже зарегистрировано", "Бұрын тіркелген", "Already registered"],
        ["Такая заявка уже открыта.", "Мұндай өтінім бұрыннан ашық.", "Such a ticket is already open."];
    /// The request is outside of support (2.5).
    OutOfScope = "out_of_scope", UNPROCESSABLE_ENTITY,
        ["Вне зоны ответственности", "Жауапкершілік аймағынан тыс", "Out of scope"],
        ["Вопрос не относится к технической поддержке.", "Мәселе техникалық қолдауға жатпайды.", "The matter is outside the scope of technical support."];
    TooManyAttempts = "too_many_attempts", TOO_MANY_REQUESTS,
        ["Слишком много попыток", "Әрекет саны тым көп", "Too many attempts"],
        ["Подождите и повторите попытку.", "Күте тұрып, әрекетті қайталаңыз.", "Try again after the time given in the Retry-After header."];
    /// Somebody sends more requests than permitted.
    TooManyRequests = "too_many_requests", TOO_MANY_REQUESTS,
        ["Слишком много запросов", "Сұраулар тым көп", "Too many requests"],
        ["Запросов больше, чем разрешено одному человеку. Подождите и повторите.", "Сұраулар бір адамға рұқсат етілгеннен көп. Күте тұрып, қайталаңыз.", "You are sending more requests than permitted. Try again after the time given in the Retry-After header."];
    /// A person has used up their daily quota.
    QuotaExceeded = "quota_exceeded", TOO_MANY_REQUESTS,
        ["Дневной лимит исчерпан", "Тәуліктік лимит таусылды", "Daily quota exceeded"],
        ["Лимит на сегодня исчерпан. Продолжить можно завтра.", "Бүгінгі лимит таусылды. Ертең жалғастыруға болады.", "You have used up your quota for today; you can continue at resets_at."];
    /// A person has the maximum number of event streams open.
    TooManyStreams = "too_many_streams", TOO_MANY_REQUESTS,
        ["Слишком много потоков", "Ағындар тым көп", "Too many streams"],
        ["У вас уже открыто 10 потоков событий. Закройте ненужный.", "Сізде 10 оқиға ағыны ашық. Қажетсізін жабыңыз.", "You already have 10 event streams open. Close one that you do not need."];
    /// The headers are too large.
    HeadersTooLarge = "headers_too_large", REQUEST_HEADER_FIELDS_TOO_LARGE,
        ["Слишком большие заголовки", "Тақырыптамалар тым үлкен", "Headers too large"],
        ["Заголовки запроса больше допустимого.", "Сұрау тақырыптамалары рұқсат етілгеннен үлкен.", "The headers are larger than permitted."];
    Unexpected = "unexpected", INTERNAL_SERVER_ERROR,
        ["Внутренняя ошибка", "Ішкі қате", "Internal error"],
        ["Ошибка записана в журнал. Обращаясь к нам, укажите номер запроса.", "Қате журналға жазылды. Бізге хабарласқанда сұрау нөмірін көрсетіңіз.", "The error has been logged; quote request_id when you contact us."];
    /// The database or another part cannot be reached.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE,
        ["Временно недоступно", "Уақытша қолжетімсіз", "Temporarily unavailable"],
        ["Повторите через несколько секунд.", "Бірнеше секундтан кейін қайталаңыз.", "Try again in a few seconds."];
}

impl Code {
    /// The code for a status that the framework returned by itself.
    pub fn for_status(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::Unauthenticated,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            405 => Self::MethodNotAllowed,
            406 => Self::NotAcceptable,
            408 => Self::RequestTimeout,
            409 => Self::AlreadyExists,
            412 => Self::PreconditionFailed,
            413 => Self::TooLarge,
            414 => Self::UriTooLong,
            415 => Self::UnsupportedMediaType,
            422 => Self::ValidationFailed,
            429 => Self::TooManyRequests,
            431 => Self::HeadersTooLarge,
            503 => Self::Unavailable,
            400..=499 => Self::BadRequest,
            _ => Self::Unexpected,
        }
    }

    /// The code with this word, if there is one.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.as_str() == word)
    }

    /// Whether a rule refused the request, and not its form: a repeated request gets the same refusal.
    pub fn is_rule_violation(self) -> bool {
        matches!(self.status(), StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY)
            && self != Self::ValidationFailed
    }

    /// The address of the page about this code.
    pub fn type_url(self, public_url: &str) -> String {
        format!("{public_url}/problems/{}", self.as_str())
    }
}
