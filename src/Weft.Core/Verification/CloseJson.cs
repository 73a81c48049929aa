using System.Text.Json;

namespace Weft.Core.Verification;

/// <summary>Whether two texts are the same JSON but for small differences of numbers.</summary>
internal static class CloseJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Limits.CompareJsonDepthMax };

    /// <summary>False, too, where one of them has no canonical form.</summary>
    public static bool AreEqual(
        ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> other, AnswerComparison.Numbers tolerance)
    {
        if (Math.Max(first.Length, other.Length) > Limits.CompareJsonBytesMax) return false;
        try
        {
            using var left = JsonDocument.Parse(first, Options);
            using var right = JsonDocument.Parse(other, Options);
            return AreEqual(left.RootElement, right.RootElement, tolerance);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool AreEqual(JsonElement left, JsonElement right, AnswerComparison.Numbers tolerance)
    {
        if (left.ValueKind != right.ValueKind) return false;
        return left.ValueKind switch
        {
            JsonValueKind.Object => AreMembersEqual(left, right, tolerance),
            JsonValueKind.Array => AreItemsEqual(left, right, tolerance),
            JsonValueKind.Number => AreNumbersEqual(left, right, tolerance),
            JsonValueKind.String => left.GetString() == right.GetString(),
            _ => true,
        };
    }

    private static bool AreMembersEqual(JsonElement left, JsonElement right, AnswerComparison.Numbers tolerance)
    {
        if (left.GetPropertyCount() != right.GetPropertyCount()) return false;
        var ours = CanonicalJson.Members(left);
        var theirs = CanonicalJson.Members(right);
        for (var i = 0; i < ours.Length; i++)
        {
            if (ours[i].Name != theirs[i].Name || !AreEqual(ours[i].Value, theirs[i].Value, tolerance)) return false;
        }

        return true;
    }

    private static bool AreItemsEqual(JsonElement left, JsonElement right, AnswerComparison.Numbers tolerance)
    {
        if (left.GetArrayLength() != right.GetArrayLength()) return false;
        var theirs = right.EnumerateArray();
        foreach (var item in left.EnumerateArray())
        {
            if (!theirs.MoveNext() || !AreEqual(item, theirs.Current, tolerance)) return false;
        }

        return true;
    }

    private static bool AreNumbersEqual(JsonElement left, JsonElement right, AnswerComparison.Numbers tolerance)
    {
        var (ours, theirs) = (left.GetRawText(), right.GetRawText());
        if (ours == theirs || CanonicalNumber.Of(ours) == CanonicalNumber.Of(theirs)) return true;
        // 1e999 is infinite as a double: no tolerance makes it equal to 2e999, nor to anything finite.
        if (!left.TryGetDouble(out var a) || !right.TryGetDouble(out var b)) return false;
        if (!double.IsFinite(a) || !double.IsFinite(b)) return false;
        var allowed = Math.Max(tolerance.Abs, tolerance.Rel * Math.Max(Math.Abs(a), Math.Abs(b)));
        // Without a tolerance, integers past 2^53 must not become equal by rounding.
        return allowed > 0 && Math.Abs(a - b) <= allowed;
    }
}
