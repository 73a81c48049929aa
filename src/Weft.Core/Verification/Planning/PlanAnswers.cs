using System.Buffers.Binary;

namespace Weft.Core.Verification.Planning;

/// <summary>The answers of a plan, which are numbers, as what answers are compared by.</summary>
internal static class PlanAnswers
{
    public static AnswerHash HashOf(int answer)
    {
        Span<byte> hash = stackalloc byte[AnswerHash.Bytes];
        hash.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(hash, answer);
        return AnswerHash.From(hash);
    }
}
