namespace Weft.Core.Verification.Planning;

/// <summary>A worker of a plan.</summary>
internal sealed class PlanWorker(IdentityId id, bool isHostile)
{
    public IdentityId Id { get; } = id;

    public bool IsHostile { get; } = isHostile;

    public Standing Standing { get; set; }

    /// <summary>Whether it has gone, and another is in its place.</summary>
    public bool IsGone { get; set; }

    /// <summary>Its answers of all kinds.</summary>
    public int Answers { get; set; }

    public int Lies { get; set; }

    /// <summary>Tasks whose result it supports, and that nobody has looked at again for its sake.</summary>
    public HashSet<PlanTask> Supported { get; } = [];

    /// <summary>So many of those must be found right before nobody looks any more.</summary>
    public int AuditsLeft { get; set; }

    /// <summary>How many of those are being looked at.</summary>
    public int AuditsOpen { get; set; }

    /// <summary>With <see cref="PlanStrategy.Backers"/>: whether it lies, or confirms; null until it answers.</summary>
    public bool? IsLiar { get; set; }

    /// <summary>One of <see cref="Supported"/>, which is no longer among them; null: there is none.</summary>
    public PlanTask? TakeSupported(Random random)
    {
        if (Supported.Count == 0) return null;
        var task = Supported.ElementAt(random.Next(Supported.Count));
        Supported.Remove(task);
        return task;
    }
}
