using Weft.Core;
using Weft.Core.Verification;

namespace Weft.Http.Api;

/// <summary>Reads how to verify results: the member <c>verify</c> of a task, or a queue's setting.</summary>
internal static class PolicyReader
{
    private static readonly MemberNames Names =
        new("maxWrong", "assumeHostile", "mode", "copies", "compare", "copiesMax", "apart");

    private static readonly MemberNames CompareNames = new("numbers");
    private static readonly MemberNames NumbersNames = new("abs", "rel");

    private static readonly uint MaxWrong = Names.Mask("maxWrong");
    private static readonly uint Copies = Names.Mask("copies");
    private static readonly uint ModeGiven = Names.Mask("mode");

    /// <summary>The policy; invalid if <paramref name="json"/> has a fault afterwards.</summary>
    public static VerificationPolicy Read(ref StrictJson json)
    {
        var policy = VerificationPolicy.Default;
        var seen = 0u;
        if (!json.BeginObject()) return policy;
        while (json.NextMember(Names, ref seen) is { } name)
        {
            policy = name switch
            {
                "maxWrong" => policy with
                {
                    MaxWrong = json.Number(Limits.VerifyMaxWrongMin, Limits.VerifyMaxWrongMax),
                },
                "assumeHostile" => policy with
                {
                    AssumeHostile = json.Number(Limits.VerifyHostileMin, Limits.VerifyHostileMax),
                },
                "mode" => policy with { Mode = Mode(ref json) },
                "copies" => policy with
                {
                    Copies = (int)json.Integer(Limits.VerifyCopiesMin, Limits.VerifyCopiesMax),
                },
                "compare" => policy with { Compare = Compare(ref json) },
                "copiesMax" => policy with
                {
                    CopiesMax = (int)json.Integer(Limits.VerifyAnswersMin, Limits.VerifyAnswersMax),
                },
                _ => policy with { Apart = Apart(ref json) },
            };
        }

        // A number of copies implies all results.
        if ((seen & ModeGiven) == 0 && (seen & Copies) != 0) policy = policy with { Mode = VerifyMode.All };
        // If the error is given but not the copies, use as many copies as it requires.
        if (policy.Mode == VerifyMode.All && (seen & MaxWrong) != 0 && (seen & Copies) == 0)
        {
            var copies = CopiesFor(policy);
            policy = policy with { Copies = copies, CopiesMax = Math.Max(policy.CopiesMax, copies) };
        }

        if (policy.Fault is { } fault) json.Fail(fault);
        return policy;
    }

    // The smallest lead with which a wrong answer is no more frequent than that, if the assumed share of workers give
    // the same one.
    private static int CopiesFor(VerificationPolicy policy)
    {
        var odds = (1 - policy.AssumeHostile) / policy.AssumeHostile;
        for (var copies = Limits.VerifyCopiesMin; copies < Limits.VerifyCopiesMax; copies++)
        {
            if (1 / (1 + Math.Pow(odds, copies)) <= policy.MaxWrong) return copies;
        }

        return Limits.VerifyCopiesMax;
    }

    private static VerifyMode Mode(ref StrictJson json)
    {
        var text = json.AnyString();
        if (text is not ("all" or "adaptive")) json.Fail("mode must be all or adaptive.");
        return text == "all" ? VerifyMode.All : VerifyMode.Adaptive;
    }

    private static VerifyApart Apart(ref StrictJson json)
    {
        var text = json.AnyString();
        if (text is not ("network" or "worker")) json.Fail("apart must be network or worker.");
        return text == "worker" ? VerifyApart.Worker : VerifyApart.Network;
    }

    private static AnswerComparison Compare(ref StrictJson json)
    {
        const string Rule = """compare must be "bytes", "json" or {"numbers": {"abs": 0, "rel": 1e-9}}.""";
        if (json.IsString)
        {
            var text = json.AnyString();
            if (text is not ("bytes" or "json")) json.Fail(Rule);
            return text == "json" ? AnswerComparison.Json : AnswerComparison.Bytes;
        }

        var (abs, rel, seen) = (0.0, 0.0, 0u);
        if (!json.BeginObject()) return AnswerComparison.Bytes;
        while (json.NextMember(CompareNames, ref seen) is not null)
        {
            var members = 0u;
            if (!json.BeginObject()) break;
            while (json.NextMember(NumbersNames, ref members) is { } name)
            {
                if (name == "abs") abs = json.Number(0, double.MaxValue);
                else rel = json.Number(0, Limits.CompareRelMax);
            }
        }

        if (seen == 0) json.Fail(Rule);
        return new AnswerComparison.Numbers(abs, rel);
    }
}
