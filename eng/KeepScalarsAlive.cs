using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Mono.Cecil;
using Mono.Cecil.Cil;

/// <summary>
/// Copies TorchSharp's assembly so that every method keeps its scalars alive until it returns. As published, a scalar may be
/// finalized, and its native value freed, while the native operation is still reading it: the method only holds the handle.
/// </summary>
public class KeepScalarsAlive : Task
{
    private const string ScalarType = "TorchSharp.Scalar";

    [Required] public string Assembly { get; set; }
    [Required] public string Output { get; set; }

    public override bool Execute()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Output));
        using (AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(Assembly))
        {
            ModuleDefinition module = assembly.MainModule;
            var keepAlive = new MethodReference("KeepAlive", module.TypeSystem.Void, new TypeReference("System", "GC", module, module.TypeSystem.CoreLibrary));
            keepAlive.Parameters.Add(new ParameterDefinition(module.TypeSystem.Object));
            int kept = 0;
            foreach (MethodDefinition method in module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
            {
                foreach (ParameterDefinition parameter in method.Parameters.Where(parameter => parameter.ParameterType.FullName == ScalarType))
                {
                    kept += Keep(method, parameter, keepAlive);
                }
            }

            assembly.Write(Output);
            Log.LogMessage(MessageImportance.Low, "{0}: scalars are kept alive at {1} places", Output, kept);
            if (kept == 0)
            {
                Log.LogError("{0} has no method that takes a {1}; the patch does not fit this version.", Assembly, ScalarType);
            }
        }

        return !Log.HasLoggedErrors;
    }

    /// <summary>The call goes in place of each return, so that branches to the return pass through it; the return follows.</summary>
    private static int Keep(MethodDefinition method, ParameterDefinition parameter, MethodReference keepAlive)
    {
        ILProcessor il = method.Body.GetILProcessor();
        Instruction[] returns = method.Body.Instructions.Where(instruction => instruction.OpCode == OpCodes.Ret).ToArray();
        foreach (Instruction end in returns)
        {
            end.OpCode = OpCodes.Ldarg;
            end.Operand = parameter;
            Instruction call = il.Create(OpCodes.Call, keepAlive);
            il.InsertAfter(end, call);
            il.InsertAfter(call, il.Create(OpCodes.Ret));
        }

        return returns.Length;
    }
}
