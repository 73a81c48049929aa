using System.Globalization;

namespace Weft.Torture.Load;

/// <summary>A task to submit, with a payload unlike all others.</summary>
/// <param name="Blob">The file that it finds; null for none.</param>
internal sealed record NewTask(string Payload, string Queue, string More, string? Blob = null)
{
    public const string QueueOld = "default";
    public const string QueueNew = "new";

    // From what fits in a page to what fills the log fast enough that it is copied within a round.
    private static readonly int[] PadSizes = [0, 10, 200, 200, 3_000, 20_000];

    public string Json => $$"""{"queue":"{{Queue}}","payload":{{Payload}}{{More}}}""";

    public static NewTask Next(Random random, long? group, string? blob)
    {
        var more = "";
        if (random.Next(4) == 0)
            more += $",\"priority\":{random.Next(-100, 101).ToString(CultureInfo.InvariantCulture)}";
        if (random.Next(8) == 0)
            more += $",\"delaySeconds\":{(random.Next(1, 10) / 10.0).ToString(CultureInfo.InvariantCulture)}";
        if (random.Next(12) == 0)
            more += $",\"expiresInSeconds\":{(random.Next(5, 30) / 10.0).ToString(CultureInfo.InvariantCulture)}";
        if (random.Next(4) == 0) more += $",\"maxAttempts\":{random.Next(1, 6).ToString(CultureInfo.InvariantCulture)}";
        if (group is { } id && random.Next(3) == 0) more += $",\"group\":{id.ToString(CultureInfo.InvariantCulture)}";
        if (random.Next(3) > 0) blob = null;
        if (blob is not null) more += $$""","run":{"files":[{"path":"a","blob":"{{blob}}"}],"outMb":1}""";
        return new(
            NextOddPayload(random), random.Next(2) == 0 ? QueueOld : QueueNew, more + ",\"leaseSeconds\":1", blob);
    }

    /// <summary>One that every surface takes.</summary>
    public static string NextPayload(Random random) => With(Plain(random));

    /// <summary>One that a surface may refuse, or that a program might trip over.</summary>
    public static string NextOddPayload(Random random) => With(random.Next(12) switch
    {
        0 => OddJson.Half(random),
        1 => OddJson.Nested(random),
        _ => Plain(random),
    });

    private static string Plain(Random random) => $"\"{new string('x', PadSizes[random.Next(PadSizes.Length)])}\"";

    private static string With(string pad) => $$"""{"task":"{{Guid.NewGuid():N}}","pad":{{pad}}}""";
}
