namespace Weft.Core.Tracing;

/// <summary>
/// The trace that a task was submitted in, by W3C Trace Context, Level 2 (https://www.w3.org/TR/trace-context-2/).
/// </summary>
/// <param name="Parent">A <c>traceparent</c> of version 00, of 55 characters.</param>
/// <param name="State">A <c>tracestate</c>; null for none.</param>
/// <param name="IsLink"> Whether work on the task only links to it: the span covers many tasks, or the task runs much
/// later.
/// </param>
public sealed record TaskTrace(string Parent, string? State = null, bool IsLink = false)
{
    private const char Child = 'c';
    private const char Link = 'l';
    private const int SampledFlag = 1;

    // The flags that Level 2 defines: sampled, and random.
    private const int KnownFlags = 3;

    private static readonly int ParentEnd = 1 + TraceText.ParentChars;

    /// <summary>Whether the submitter records the trace, and wants others to do so.</summary>
    public bool IsSampled => (Convert.ToByte(Parent[^2..], fromBase: 16) & SampledFlag) != 0;

    /// <summary>
    /// The trace of a submit; null if <paramref name="parent"/> is invalid, which by the standard is not an error.
    /// </summary>
    /// <param name="parent">As it was sent.</param>
    /// <param name="state">As it was sent; omitted if it isn't valid.</param>
    public static TaskTrace? TryParse(string? parent, string? state)
    {
        if (parent is null || !TraceText.IsParent(parent)) return null;
        var flags =
            Convert.ToByte(parent[(TraceText.ParentChars - 2)..TraceText.ParentChars], fromBase: 16) & KnownFlags;
        var known = $"00{parent.AsSpan(2, TraceText.ParentChars - 4)}{flags:x2}";
        return new(known, TraceText.CutState(state));
    }

    /// <summary>The stored form.</summary>
    public string Write() => $"{(IsLink ? Link : Child)}{Parent}{State}";

    /// <summary>Parses the stored form.</summary>
    public static TaskTrace Read(string stored) => new(
        stored[1..ParentEnd], stored.Length > ParentEnd ? stored[ParentEnd..] : null, stored[0] == Link);
}
