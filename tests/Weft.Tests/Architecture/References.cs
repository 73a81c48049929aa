using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Weft.Tests.Architecture;

/// <summary>
/// What the types of an assembly refer to: in their signatures, fields, local variables and method bodies.
/// </summary>
internal static class References
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static
        | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short,
        OpCode> OpCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!).ToDictionary(static code => code.Value);

    /// <summary>
    /// The types that <paramref name="type"/> refers to, without those that compilers generate from it.
    /// </summary>
    public static HashSet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        foreach (var part in Parts(type)) AddPart(part, found);
        return found;
    }

    /// <summary>
    /// The type as it is written in the source: lambdas, state machines and nested types belong to it.
    /// </summary>
    public static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<Type> Parts(Type type) => type.GetNestedTypes(All).SelectMany(Parts).Prepend(type);

    private static void AddPart(Type part, HashSet<Type> found)
    {
        if (part.BaseType is { } parent) Add(parent, found);
        foreach (var implemented in part.GetInterfaces()) Add(implemented, found);
        foreach (var field in part.GetFields(All)) Add(field.FieldType, found);
        foreach (var method in part.GetMethods(All).Cast<MethodBase>().Concat(part.GetConstructors(All)))
            AddMethod(method, found);
    }

    private static void AddMethod(MethodBase method, HashSet<Type> found)
    {
        AddSignature(method, found);
        if (method.GetMethodBody() is not { } body) return;
        foreach (var local in body.LocalVariables) Add(local.LocalType, found);
        foreach (var clause in body.ExceptionHandlingClauses)
        {
            if (clause.Flags == ExceptionHandlingClauseOptions.Clause && clause.CatchType is { } caught)
                Add(caught, found);
        }

        foreach (var member in MembersOf(method, body.GetILAsByteArray()!)) AddMember(member, found);
    }

    private static void AddMember(MemberInfo member, HashSet<Type> found)
    {
        if (member.DeclaringType is { } declaring) Add(declaring, found);
        if (member is Type type) Add(type, found);
        if (member is FieldInfo field) Add(field.FieldType, found);
        if (member is not MethodBase method) return;
        AddSignature(method, found);
        if (!method.IsGenericMethod) return;
        foreach (var argument in method.GetGenericArguments()) Add(argument, found);
    }

    private static void AddSignature(MethodBase method, HashSet<Type> found)
    {
        foreach (var parameter in method.GetParameters()) Add(parameter.ParameterType, found);
        if (method is MethodInfo { ReturnType: var result }) Add(result, found);
    }

    private static void Add(Type type, HashSet<Type> found)
    {
        if (type.GetElementType() is { } element) Add(element, found);
        foreach (var argument in type.IsGenericType ? type.GetGenericArguments() : []) Add(argument, found);
        if (type.IsGenericParameter || type.IsDefined(typeof(CompilerGeneratedAttribute))) return;
        found.Add(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
    }

    /// <summary>The members that a method body names. The format of its code is ECMA-335, partition III.</summary>
    private static IEnumerable<MemberInfo> MembersOf(MethodBase method, byte[] code)
    {
        var typeArguments = method.DeclaringType is { IsGenericType: true } declaring ? declaring.GetGenericArguments()
            : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var opCode = OpCodes[code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at]];
            at += opCode.Size;
            if (opCode.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType
                or OperandType.InlineTok)
            {
                yield return method.Module.ResolveMember(BitConverter.ToInt32(code, at), typeArguments,
                    methodArguments)!;
            }

            at += opCode.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
                _ => 4,
            };
        }
    }
}
