using System.Diagnostics.CodeAnalysis;

namespace Weft.Samples.MatrixMultiplication;

/// <summary>Two matrices whose sizes allow the product A × B.</summary>
public sealed record Factors(Matrix A, Matrix B)
{
    /// <summary>Reads both texts. False, with what is wrong and where, when A × B can't be asked for.</summary>
    public static bool TryRead(
        string a, string b, [NotNullWhen(true)] out Factors? factors, [NotNullWhen(false)] out FactorsProblem? problem)
    {
        factors = null;
        problem = null;

        if (!MatrixText.TryRead(a, out var left, out var whyNotA))
            problem = new($"A: {whyNotA}", InA: true, InB: false);
        else if (!MatrixText.TryRead(b, out var right, out var whyNotB))
            problem = new($"B: {whyNotB}", InA: false, InB: true);
        else if (Matrix.WhyNotMultiplied(left, right) is { } mismatch)
            problem = new(mismatch, InA: true, InB: true);
        else
            factors = new(left, right);

        return factors is not null;
    }
}

/// <summary>Why two texts are no <see cref="Factors"/>: a sentence for a person, and which text it is about.</summary>
public sealed record FactorsProblem(string Message, bool InA, bool InB);
