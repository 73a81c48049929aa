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

    /// <summary>Tasks whose result it supports.</summary>
    public List<int> Supported { get; set; } = [];

    /// <summary>With <see cref="PlanStrategy.Backers"/>: whether it lies, or confirms; null until it answers.</summary>
    public bool? IsLiar { get; set; }
}
