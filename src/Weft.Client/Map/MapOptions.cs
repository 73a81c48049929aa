namespace Weft.Client;

/// <summary>How a map distributes its inputs.</summary>
public sealed record MapOptions
{
    /// <summary>How to run each task. The map sets the group itself.</summary>
    public SubmitOptions Submit { get; init; } = new();

    /// <summary>
    /// Inputs in flight: read, but their result not yet returned. 1 or more. Default: 1,000. Bounds memory and the
    /// queue.
    /// </summary>
    public int InFlightMax { get; init; } = 1_000;

    /// <summary>True: results in input order. False: as they finish.</summary>
    public bool Ordered { get; init; } = true;

    /// <summary>The group's human-readable name, up to 128 characters.</summary>
    public string? Name { get; init; }
}
