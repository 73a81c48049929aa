namespace Weft.Core.Access;

/// <summary>What a token lets its holder do; several may be combined. The numbers are stored.</summary>
[Flags]
public enum Scope : byte
{
    None = 0,

    /// <summary>Submits tasks and groups; reads, cancels and retries what it submitted itself.</summary>
    Submit = 1,

    /// <summary>Claims tasks and settles what it holds.</summary>
    Work = 2,

    /// <summary>Reads everything, of all submitters; changes nothing.</summary>
    Read = 4,

    /// <summary>Everything, tokens included.</summary>
    Admin = 8,

    /// <summary>Reads <c>/metrics</c>, and nothing else.</summary>
    Metrics = 16,

    /// <summary>
    /// The operator's own machines: with <see cref="Work"/>, their answers decide about those of others.
    /// </summary>
    Trusted = 32,
}
