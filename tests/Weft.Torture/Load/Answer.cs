using System.Text.Json;
using Weft.Torture.Histories;

namespace Weft.Torture.Load;

/// <summary>What came back: an outcome, and the body where there was one.</summary>
internal readonly record struct Answer(Outcome Outcome, int Status, JsonElement Json)
{
    /// <summary>
    /// In place of a status: what came was no answer of the coordinator's, which may be there all the same.
    /// </summary>
    public const int NotIts = -1;

    /// <summary>The coordinator wasn't there: the client may stop asking.</summary>
    public bool IsGone => Status == 0;

    /// <summary>The same request can't do better another time.</summary>
    public bool IsRefusedForGood => Status is 400 or 413 or 422;

    public bool IsOk => Outcome == Outcome.Ok;
}
