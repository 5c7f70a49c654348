import Foundation
import Testing

/// `adjoint inspect` and `adjoint convert`.
@Suite(.serialized) struct FilesCommandTests {
    /// A safetensors file with these tensors: name, type, shape and bytes.
    private func safetensors(_ tensors: [(String, String, [Int], [UInt8])]) -> Data {
        var fields = ["\"__metadata__\":{\"note\":\"kept\"}"]
        var body: [UInt8] = []
        for (name, type, shape, bytes) in tensors {
            let offsets = "[\(body.count),\(body.count + bytes.count)]"
            fields.append(
                "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
            )
            body += bytes
        }
        let header = Array("{\(fields.joined(separator: ","))}".utf8)
        return Data(withUnsafeBytes(of: UInt64(header.count).littleEndian, Array.init))
            + Data(header + body)
    }

    private func withFiles(_ body: (URL) throws -> Void) throws {
        try withFolder(["table.csv": "a,b\n1,2\n3,4.5\n", "text.txt": "Dear reader,\n"]) { folder in
            let floats: [UInt8] = [0, 0, 192, 63, 0, 0, 128, 255]  // 1.5 and minus infinity
            try safetensors([
                ("layer.w", "F32", [1, 2], floats),
                ("n", "I64", [], [7] + [UInt8](repeating: 0, count: 7)),
                ("on", "BOOL", [2], [1, 0]),
            ]).write(to: folder.appendingPathComponent("in.safetensors"))
            try safetensors([("b\\n\\u001b", "BF16", [1], [128, 63])])
                .write(to: folder.appendingPathComponent("brain.safetensors"))
            try body(folder)
        }
    }

    @Test func listsNamesTypesShapesAndValues() throws {
        try withFiles { folder in
            let text = try AdjointProcess(["inspect", "in.safetensors", "--values"], in: folder)
            #expect(text.status == 0 && text.errors.isEmpty)
            #expect(
                text.lines[0] == "in.safetensors: safetensors, 3 tensors, 5 elements, 18 bytes")
            #expect(
                text.lines.dropFirst().map { $0.split(separator: " ").joined(separator: " ") } == [
                    "layer.w float32 [1, 2] 1.5 -inf", "n int64 [] 7", "on bool [2] true false",
                ])
            let json = try AdjointProcess(
                ["inspect", "in.safetensors", "--json", "--values"], in: folder)
            #expect(
                json.lines == [
                    "{\"path\": \"in.safetensors\", \"format\": \"safetensors\", \"tensors\": 3, "
                        + "\"elements\": 5, \"bytes\": 18}",
                    "{\"name\": \"layer.w\", \"dtype\": \"float32\", \"shape\": [1, 2], "
                        + "\"values\": [1.5, null]}",
                    "{\"name\": \"n\", \"dtype\": \"int64\", \"shape\": [], \"values\": [7]}",
                    "{\"name\": \"on\", \"dtype\": \"bool\", \"shape\": [2], \"values\": [1, 0]}",
                ])
            let brain = try AdjointProcess(["inspect", "brain.safetensors"], in: folder)
            #expect(brain.lines.count == 2 && !brain.output.contains("\u{1B}"))
        }
    }

    @Test func convertsToEveryFormatAndBack() throws {
        try withFiles { folder in
            let wanted = try AdjointProcess(
                ["inspect", "in.safetensors", "--json", "--values"], in: folder
            ).lines.dropFirst()
            var source = "in.safetensors"
            for target in ["a.npz", "b.pt", "c.PTH", "d.safetensors", "e.npz"] {
                let process = try AdjointProcess(["convert", source, target], in: folder)
                #expect(process.status == 0, "\(process.errors)")
                #expect(process.lines == ["Wrote 3 tensors to \(target)"])
                let found = try AdjointProcess(
                    ["inspect", target, "--json", "--values"], in: folder)
                #expect(found.lines.dropFirst() == wanted)
                source = target
            }
            let alike = try AdjointProcess(
                ["convert", "brain.safetensors", "same.safetensors"], in: folder)
            #expect(alike.lines == ["Wrote 1 tensor to same.safetensors"])
            let same = try Data(contentsOf: folder.appendingPathComponent("same.safetensors"))
            #expect(String(decoding: same, as: UTF8.self).contains("\"note\":\"kept\""))
        }
    }

    @Test func dividesAmongFilesAndReadsThem() throws {
        try withFiles { folder in
            let wanted = try AdjointProcess(
                ["inspect", "in.safetensors", "--json", "--values"], in: folder
            ).lines.dropFirst()
            let process = try AdjointProcess(
                [
                    "convert", "in.safetensors", "m.safetensors.index.json", "--max-shard-bytes",
                    "8",
                ], in: folder)
            #expect(process.lines == ["Wrote 3 tensors to m.safetensors.index.json"])
            #expect(names(in: folder).count { $0.hasPrefix("m-0000") } == 3)
            let found = try AdjointProcess(
                ["inspect", "m.safetensors.index.json", "--json", "--values"], in: folder)
            #expect(found.lines.dropFirst() == wanted)
            #expect(found.lines[0].contains("\"format\": \"safetensors index\""))
        }
    }

    @Test func tablesAndArraysTurnIntoEachOther() throws {
        try withFiles { folder in
            var source = "table.csv"
            for target in ["a.npy", "b.idx", "c.csv", "d-idx2-ubyte", "e.npz"] {
                let process = try AdjointProcess(["convert", source, target], in: folder)
                #expect(process.lines == ["Wrote 1 tensor to \(target)"], "\(process.errors)")
                let found = try AdjointProcess(
                    ["inspect", target, "--json", "--values"], in: folder)
                #expect(
                    found.lines[1] == "{\"name\": \"tensor\", \"dtype\": \"float64\", "
                        + "\"shape\": [2, 2], \"values\": [1.0, 2.0, 3.0, 4.5]}")
                source = target
            }
        }
    }

    @Test func whatCannotBeDoneIsOneLineAndLeavesNothing() throws {
        try withFiles { folder in
            try FileManager.default.createSymbolicLink(
                atPath: folder.appendingPathComponent("link.safetensors").path,
                withDestinationPath: "in.safetensors")
            let before = try Data(contentsOf: folder.appendingPathComponent("in.safetensors"))
            let list = names(in: folder)
            for (arguments, status, message) in [
                (["inspect", "none.pt"], 1, "none.pt: there is no such file"),
                (["inspect", "text.txt"], 1, "no row of numbers"),
                (["inspect"], 2, "file"),
                (["convert", "none.pt", "out.npz"], 1, "none.pt: there is no such file"),
                (["convert", "text.txt", "out.npz"], 1, "no row of numbers"),
                (["convert", "table.csv", "out.png"], 1, "a PNG image takes uint8"),
                (["convert", "in.safetensors", "out.idx"], 1, "holds one tensor"),
                (["convert", "table.csv", "out.npz", "--max-shard-bytes", "0"], 2, "at least 1"),
                (["convert", "in.safetensors", "out.txt"], 2, "does not say its format"),
                (["convert", "in.safetensors", "out.npy"], 1, "holds one tensor"),
                (["convert", "brain.safetensors", "out.npz"], 1, "is bfloat16"),
                (["convert", "brain.safetensors", "out.npy"], 1, "is bfloat16"),
                (["convert", "in.safetensors", "in.safetensors"], 1, "the file that is read"),
                (["convert", "in.safetensors", "./in.safetensors"], 1, "the file that is read"),
                (["convert", "in.safetensors", "link.safetensors"], 1, "the file that is read"),
                (["convert", "in.safetensors", "none/out.npz"], 1, "make its folder first"),
            ] as [([String], Int32, String)] {
                let process = try AdjointProcess(arguments, in: folder)
                #expect(process.status == status && process.output.isEmpty, "\(arguments)")
                #expect(process.errors.contains(message), "\(process.errors)")
                #expect(process.errors.split(separator: "\n").count == 1, "\(process.errors)")
                #expect(names(in: folder) == list)
            }
            let after = try Data(contentsOf: folder.appendingPathComponent("in.safetensors"))
            #expect(after == before)
        }
    }
}
