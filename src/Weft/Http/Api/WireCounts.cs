using Weft.Core.Tasks;

namespace Weft.Http.Api;

internal static class WireCounts
{
    public static Contracts.StateCounts ToWire(this Core.Storage.StateCounts counts)
    {
        Span<long> byState = stackalloc long[TaskStates.Count];
        foreach (var state in TaskStates.All) byState[(int)state] = counts[state];
        return Contracts.StateCounts.Of(byState);
    }
}
