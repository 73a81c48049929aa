using System.Text.Json;
using Weft.Torture.Histories;

namespace Weft.Torture.Load;

/// <summary>What came back: an outcome, and the body where there was one.</summary>
internal readonly record struct Answer(Outcome Outcome, int Status, JsonElement Json)
{
    /// <summary>The coordinator wasn't there: the client may stop asking.</summary>
    public bool IsGone => Status == 0;

    public bool IsOk => Outcome == Outcome.Ok;
}
