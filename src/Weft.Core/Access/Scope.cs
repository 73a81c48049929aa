namespace Weft.Core.Access;

/// <summary>What a token allows; scopes can be combined. The numbers are stored.</summary>
[Flags]
public enum Scope : byte
{
    None = 0,

    /// <summary>Submits tasks and groups; reads, cancels and retries its own.</summary>
    Submit = 1,

    /// <summary>Claims tasks and settles those that it holds.</summary>
    Work = 2,

    /// <summary>Reads everything, of all submitters; changes nothing.</summary>
    Read = 4,

    /// <summary>Everything, including tokens.</summary>
    Admin = 8,

    /// <summary>Only reads <c>/metrics</c>.</summary>
    Metrics = 16,

    /// <summary>
    /// The operator's own machines: with <see cref="Work"/>, their answers decide disputes among other workers.
    /// </summary>
    Trusted = 32,
}
