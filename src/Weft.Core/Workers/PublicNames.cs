using System.Globalization;
using Weft.Core.Verification;

namespace Weft.Core.Workers;

/// <summary>The public pseudonyms of workers and networks, which reveal nothing about them.</summary>
internal static class PublicNames
{
    public static string Of(WorkerKeys keys, IdentityId identity) => $"w-{keys.NameOf(identity)}";

    public static string Of(NetworkKey network) =>
        string.Create(CultureInfo.InvariantCulture, $"n-{network.Value >> 32:x8}");
}
