namespace Weft.Client;

/// <summary>How a map spreads its inputs.</summary>
public sealed record MapOptions
{
    /// <summary>How each task is to be run. Its group is the map's own.</summary>
    public SubmitOptions Submit { get; init; } = new();

    /// <summary>
    /// Inputs taken whose result the caller hasn't got yet: 1 or more; 1,000. Bounds what is in memory and in the
    /// queue.
    /// </summary>
    public int InFlightMax { get; init; } = 1_000;

    /// <summary>True: results in order of the inputs. False: as they finish.</summary>
    public bool Ordered { get; init; } = true;

    /// <summary>The group's name, for people, up to 128 characters.</summary>
    public string? Name { get; init; }
}
