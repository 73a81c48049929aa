using System.Text.Json;

namespace Weft.Samples.MatrixMultiplication;

/// <summary>
/// What a worker answers to a task: a product, or a sentence that starts with <see cref="ErrorPrefix"/>. The six endpoints
/// know no failed attempt, so an error travels as a result, and the main program tells the two apart.
/// </summary>
public sealed record MatrixAnswer(string Text, bool IsError)
{
    public const string ErrorPrefix = "Error: ";

    /// <summary>Computes a task. Whatever its data is, there is an answer.</summary>
    public static MatrixAnswer To(JsonElement data)
    {
        if (ReadTask(data) is not { } task) return Error("This task is not a matrix multiplication.");
        if (!Factors.TryRead(task.A, task.B, out var factors, out var wrong)) return Error(wrong.Message);
        if (!Matrix.TryMultiply(factors.A, factors.B, out var product, out var problem)) return Error(problem);
        return new(product.ToString(), IsError: false);
    }

    /// <summary>Reads a result that any worker may have posted; what is not a matrix is an error.</summary>
    public static MatrixAnswer From(JsonElement result)
    {
        var text = ReadText(result);
        if (text.StartsWith(ErrorPrefix, StringComparison.Ordinal)) return new(text, IsError: true);
        return MatrixText.TryRead(text, out var product, out _)
            ? new(product.ToString(), IsError: false)
            : Error("The worker's answer is not a matrix.");
    }

    private static string ReadText(JsonElement result)
    {
        if (result.ValueKind is not JsonValueKind.String) return result.GetRawText();
        try
        {
            return result.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of an escaped surrogate pair: valid JSON, but no text.
            return "";
        }
    }

    private static MatrixTask? ReadTask(JsonElement data)
    {
        try
        {
            return data.Deserialize(WireJson.Default.MatrixTask);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static MatrixAnswer Error(string why) => new(ErrorPrefix + why, IsError: true);
}
