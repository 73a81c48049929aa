namespace Weft.Contracts;

/// <summary>
/// The stable codes of problem details. Programs should decide by these; the other members are human-readable.
/// </summary>
public static class ProblemCodes
{
    public const string BlobInUse = "blob_in_use";
    public const string BlobNotFound = "blob_not_found";
    public const string CrossSite = "cross_site";
    public const string Forbidden = "forbidden";
    public const string GroupNotFound = "group_not_found";
    public const string GroupSealed = "group_sealed";
    public const string HashMismatch = "hash_mismatch";
    public const string IdempotencyMismatch = "idempotency_mismatch";
    public const string InternalError = "internal_error";
    public const string InvalidModule = "invalid_module";
    public const string InvalidRequest = "invalid_request";
    public const string InvalidWorkerKey = "invalid_worker_key";
    public const string JavaScriptNotAllowed = "javascript_not_allowed";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string ModuleInUse = "module_in_use";
    public const string ModuleNotFound = "module_not_found";
    public const string ModuleNotRepeatable = "module_not_repeatable";
    public const string NotFound = "not_found";
    public const string OperationNotFound = "operation_not_found";
    public const string OutcomeUnknown = "outcome_unknown";
    public const string Overloaded = "overloaded";
    public const string PackagesUnresolved = "packages_unresolved";
    public const string PayloadTooLarge = "payload_too_large";
    public const string PythonNotAllowed = "python_not_allowed";
    public const string RateLimited = "rate_limited";
    public const string RequestTimeout = "request_timeout";
    public const string StaleLease = "stale_lease";
    public const string StoreFull = "store_full";
    public const string StoreUnavailable = "store_unavailable";
    public const string TaskCancelled = "task_cancelled";
    public const string TaskFinished = "task_finished";
    public const string TaskNotDead = "task_not_dead";
    public const string TaskNotFound = "task_not_found";
    public const string TokenNotFound = "token_not_found";
    public const string TooManyBlobs = "too_many_blobs";
    public const string TooManyGroups = "too_many_groups";
    public const string TooManyModules = "too_many_modules";
    public const string TooManyOperations = "too_many_operations";
    public const string TooManyQueues = "too_many_queues";
    public const string TooManyRequirements = "too_many_requirements";
    public const string TooManyTokens = "too_many_tokens";
    public const string TooManyUnfinished = "too_many_unfinished";
    public const string TooManyWebhooks = "too_many_webhooks";
    public const string TooManyWorkers = "too_many_workers";
    public const string TooMuchStored = "too_much_stored";
    public const string Unauthorized = "unauthorized";
    public const string UnknownHost = "unknown_host";
    public const string UnsupportedEncoding = "unsupported_encoding";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string WebhookAddressRefused = "webhook_address_refused";
    public const string WebhookNotFound = "webhook_not_found";
    public const string WrongOffset = "wrong_offset";
}
