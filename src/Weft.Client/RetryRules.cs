using System.Collections.Frozen;
using Weft.Contracts;

namespace Weft.Client;

/// <summary>How to handle a request, or one of its tasks, that failed.</summary>
public enum RetryRule
{
    /// <summary>The same request may succeed later, not before its <c>Retry-After</c>.</summary>
    Again,

    /// <summary>This request, or this task, will never succeed unchanged; others may.</summary>
    NotThis,

    /// <summary>
    /// The caller itself is refused: its next requests will be too, until a person changes something.
    /// </summary>
    Never,
}

/// <summary>
/// Decides by the coordinator's problem codes whether to retry. The status class isn't enough: 429 is temporary, while
/// 413 and 507 each depend on the code.
/// </summary>
public static class RetryRules
{
    private static readonly FrozenDictionary<string, RetryRule> Rules = new Dictionary<string, RetryRule>
    {
        [ProblemCodes.InternalError] = RetryRule.Again,
        [ProblemCodes.OutcomeUnknown] = RetryRule.Again,
        [ProblemCodes.Overloaded] = RetryRule.Again,
        [ProblemCodes.RateLimited] = RetryRule.Again,
        [ProblemCodes.RequestTimeout] = RetryRule.Again,
        [ProblemCodes.StoreFull] = RetryRule.Again,
        [ProblemCodes.StoreUnavailable] = RetryRule.Again,
        [ProblemCodes.TooManyUnfinished] = RetryRule.Again,
        [ProblemCodes.TooManyWorkers] = RetryRule.Again,

        [ProblemCodes.BlobInUse] = RetryRule.NotThis,
        [ProblemCodes.BlobNotFound] = RetryRule.NotThis,
        [ProblemCodes.GroupNotFound] = RetryRule.NotThis,
        [ProblemCodes.GroupSealed] = RetryRule.NotThis,
        [ProblemCodes.HashMismatch] = RetryRule.NotThis,
        [ProblemCodes.IdempotencyMismatch] = RetryRule.NotThis,
        [ProblemCodes.InvalidModule] = RetryRule.NotThis,
        [ProblemCodes.InvalidRequest] = RetryRule.NotThis,
        [ProblemCodes.InvalidWorkerKey] = RetryRule.NotThis,
        [ProblemCodes.JavaScriptNotAllowed] = RetryRule.NotThis,
        [ProblemCodes.ModuleInUse] = RetryRule.NotThis,
        [ProblemCodes.ModuleNotFound] = RetryRule.NotThis,
        [ProblemCodes.ModuleNotRepeatable] = RetryRule.NotThis,
        [ProblemCodes.OperationNotFound] = RetryRule.NotThis,
        [ProblemCodes.PackagesUnresolved] = RetryRule.NotThis,
        [ProblemCodes.PayloadTooLarge] = RetryRule.NotThis,
        [ProblemCodes.PythonNotAllowed] = RetryRule.NotThis,
        [ProblemCodes.StaleLease] = RetryRule.NotThis,
        [ProblemCodes.TaskCancelled] = RetryRule.NotThis,
        [ProblemCodes.TaskFinished] = RetryRule.NotThis,
        [ProblemCodes.TaskNotDead] = RetryRule.NotThis,
        [ProblemCodes.TaskNotFound] = RetryRule.NotThis,
        [ProblemCodes.TokenNotFound] = RetryRule.NotThis,
        [ProblemCodes.TooManyBlobs] = RetryRule.NotThis,
        [ProblemCodes.TooManyGroups] = RetryRule.NotThis,
        [ProblemCodes.TooManyModules] = RetryRule.NotThis,
        [ProblemCodes.TooManyOperations] = RetryRule.NotThis,
        [ProblemCodes.TooManyQueues] = RetryRule.NotThis,
        [ProblemCodes.TooManyRequirements] = RetryRule.NotThis,
        [ProblemCodes.TooManyTokens] = RetryRule.NotThis,
        [ProblemCodes.TooManyWebhooks] = RetryRule.NotThis,
        [ProblemCodes.TooMuchStored] = RetryRule.NotThis,
        [ProblemCodes.UnsupportedMediaType] = RetryRule.NotThis,
        [ProblemCodes.WebhookAddressRefused] = RetryRule.NotThis,
        [ProblemCodes.WebhookNotFound] = RetryRule.NotThis,
        [ProblemCodes.WrongOffset] = RetryRule.NotThis,

        [ProblemCodes.CrossSite] = RetryRule.Never,
        [ProblemCodes.Forbidden] = RetryRule.Never,
        [ProblemCodes.MethodNotAllowed] = RetryRule.Never,
        [ProblemCodes.NotFound] = RetryRule.Never,
        [ProblemCodes.Unauthorized] = RetryRule.Never,
        [ProblemCodes.UnknownHost] = RetryRule.Never,
        [ProblemCodes.UnsupportedEncoding] = RetryRule.Never,
    }.ToFrozenDictionary();

    /// <summary>Whether this version of the client knows the code.</summary>
    public static bool Knows(string code) => Rules.ContainsKey(code);

    /// <summary>
    /// The rule for a code. An unknown code from a newer coordinator is retried if it has a <c>Retry-After</c>.
    /// </summary>
    /// <param name="code">One of <see cref="ProblemCodes"/>.</param>
    /// <param name="saysWhen">There is a <c>Retry-After</c>.</param>
    public static RetryRule Of(string code, bool saysWhen) =>
        Rules.TryGetValue(code, out var rule) ? rule : saysWhen ? RetryRule.Again : RetryRule.NotThis;
}
