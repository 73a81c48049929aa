using Weft.Torture.Targets;

namespace Weft.Torture.Faults;

/// <summary>
/// Something that goes wrong while clients are at work. It knows what it needs; scenarios only say when.
/// </summary>
internal interface IFault
{
    /// <summary>For the report.</summary>
    string Name { get; }

    /// <summary>True: the coordinator may end while it starts.</summary>
    bool MayHinderStart => false;

    /// <summary>Prepares the next start.</summary>
    void Arm(Random random)
    {
    }

    /// <summary>Lets it happen. The coordinator may run afterwards or not.</summary>
    /// <returns>False: it did not come to it.</returns>
    Task<bool> StrikeAsync(TortureTarget target, Random random);

    /// <summary>Takes back what <see cref="Arm"/> prepared.</summary>
    void Disarm()
    {
    }
}
