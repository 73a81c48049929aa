using System.Text.Json;

namespace Weft.Samples.MatrixMultiplication;

/// <summary>What a worker answers to a task: a product, or a sentence that says why there is none.</summary>
public sealed record MatrixAnswer(string Text, bool IsError)
{
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

    /// <summary>An answer without a product.</summary>
    public static MatrixAnswer Error(string why) => new(why, IsError: true);
}
