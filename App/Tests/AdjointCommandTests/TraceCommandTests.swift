import Foundation
import Testing

/// `adjoint trace` and `adjoint export`.
@Suite(.serialized) struct TraceCommandTests {
    /// y = x² + 3x at x = 2, with a write in place before backward: `clash` says whether.
    private static func trace(clash: Bool = false, gradient: Double = 4) -> String {
        var lines = [
            #"{"t":"header","format":"autograd-trace","version":1,"library":"Adjoint","title":"seed"}"#,
            #"{"t":"file","id":0,"path":"main.swift","text":"let x = Tensor(2.0)\nlet y = x ** 2\nx.add_(1)\ny.backward()\n"}"#,
            #"{"t":"tensor","id":0,"storage":0,"name":"x","role":"input","shape":[],"dtype":"float32","requiresGrad":true,"leaf":true,"version":0,"value":{"k":"full","data":[2]}}"#,
            #"{"t":"tensor","id":1,"storage":1,"shape":[],"dtype":"float32","requiresGrad":true,"leaf":false,"producer":[0,0],"value":{"k":"full","data":[4]}}"#,
            #"{"t":"node","id":0,"op":"pow","gradFn":"PowBackward","src":[0,2,11],"inputs":[{"tensor":0,"version":0}],"outputs":[1],"saved":[{"name":"self","tensor":0,"version":0,"bytes":4,"shared":true}],"next":[{"leaf":0}]}"#,
            #"{"t":"ev","i":0,"us":1,"e":"forward","node":0}"#,
        ]
        if clash {
            lines += [
                #"{"t":"ev","i":1,"e":"inplace","tensor":0,"name":"add_","versionBefore":0,"versionAfter":1,"src":[0,3,3]}"#,
                #"{"t":"ev","i":2,"e":"backward.begin","run":0,"roots":[1],"src":[0,4,3]}"#,
                #"{"t":"ev","i":3,"e":"error","kind":"inplace-clash","message":"changed","run":0,"node":0,"tensor":0,"cause":1,"expected":0,"actual":1}"#,
            ]
        } else {
            lines += [
                #"{"t":"ev","i":1,"us":2,"e":"backward.begin","run":0,"roots":[1],"src":[0,4,3]}"#,
                "{\"t\":\"ev\",\"i\":2,\"us\":3,\"e\":\"backward.node\",\"run\":0,\"node\":0,\"gradOut\":[{\"k\":\"full\",\"data\":[1]}],\"gradIn\":[{\"k\":\"full\",\"data\":[\(gradient)]}]}",
                "{\"t\":\"ev\",\"i\":3,\"us\":4,\"e\":\"accumulate\",\"run\":0,\"tensor\":0,\"from\":0,\"before\":{\"k\":\"none\",\"why\":\"not-computed\"},\"incoming\":{\"k\":\"full\",\"data\":[\(gradient)]},\"after\":{\"k\":\"full\",\"data\":[\(gradient)]},\"mode\":\"assign\"}",
                #"{"t":"ev","i":4,"us":5,"e":"backward.end","run":0}"#,
                #"{"t":"ev","i":5,"us":6,"e":"metric","name":"loss","y":"NaN","step":0}"#,
            ]
        }
        return lines.map { "\($0)\n" }.joined()
    }

    private static let files = [
        "good.jsonl": trace(), "clash.jsonl": trace(clash: true),
        "other.jsonl": trace(gradient: 4.5),
        "cut.jsonl": trace() + "{\"t\":\"ev\",\"i\":", "empty.jsonl": "",
        "text.txt": "epoch,loss\n1,2\n",
    ]

    private func run(
        _ arguments: [String], _ environment: [String: String] = [:],
        _ body: (AdjointProcess, URL) throws -> Void
    ) throws {
        try withFolder(Self.files) { folder in
            try body(try AdjointProcess(arguments, in: folder, environment: environment), folder)
        }
    }

    @Test func summarySaysWhatIsThere() throws {
        try run(["trace", "summary", "good.jsonl"]) { process, _ in
            #expect(process.status == 0 && process.errors.isEmpty)
            #expect(process.lines[0] == "seed, by Adjoint")
            #expect(process.output.contains("1 operation, 1 backward pass, 6 events"))
            #expect(process.output.contains("loss: NaN to NaN in 1 value"))
        }
        try run(["trace", "summary", "good.jsonl", "--json"]) { process, _ in
            let object = try JSONSerialization.jsonObject(with: Data(process.output.utf8))
            #expect((object as? [String: Any])?["operations"] as? Int == 1)
            #expect(process.lines.count == 1)
        }
    }

    @Test func doctorNamesBothLinesAndTellsByItsStatus() throws {
        try run(["trace", "doctor", "clash.jsonl"]) { process, _ in
            #expect(process.status == 1 && process.errors.isEmpty)
            #expect(process.output.contains("saved by pow"))
            #expect(process.output.contains("at main.swift:2"))
            #expect(process.output.contains("changed by add_"))
            #expect(process.output.contains("3 | x.add_(1)"))
            #expect(process.output.contains("fix: h = h + "))
            #expect(process.lines.last == "1 error")
        }
        try run(["trace", "doctor", "clash.jsonl", "--json"]) { process, _ in
            #expect(process.status == 1 && process.lines.count == 1)
            let object = try JSONSerialization.jsonObject(with: Data(process.output.utf8))
            let finding = try #require(object as? [String: Any])
            #expect(finding["kind"] as? String == "version-clash")
            #expect(finding["operation"] as? String == "pow")
            #expect((finding["places"] as? [[String: Any]])?.count == 3)
        }
        try run(["trace", "doctor", "good.jsonl"]) { process, _ in
            #expect(process.status == 0 && process.output.hasPrefix("no findings"))
        }
    }

    @Test func diffNamesTheFirstDifference() throws {
        try run(["trace", "diff", "good.jsonl", "good.jsonl"]) { process, _ in
            #expect(process.status == 0 && process.output.contains("no differences"))
        }
        try run(["trace", "diff", "good.jsonl", "other.jsonl"]) { process, _ in
            #expect(process.status == 1)
            #expect(
                process.output.contains("of pow (main.swift:2) is 4, and in the second trace 4.5"))
        }
        try run(["trace", "diff", "good.jsonl", "other.jsonl", "--tolerance", "0.2", "--json"]) {
            process, _ in
            #expect(process.status == 0 && process.output.hasPrefix("{\"equal\":true"))
        }
    }

    @Test func tailPrintsTheLastEventsAndFollows() throws {
        try run(["trace", "tail", "good.jsonl", "-n", "2"]) { process, _ in
            #expect(process.status == 0)
            #expect(
                process.lines == ["     4  backward pass 0 ends", "     5  loss = NaN at step 0"])
        }
        try withFolder(Self.files) { folder in
            let file = folder.appendingPathComponent("good.jsonl")
            let writer = Thread {
                for i in 6..<6000 {
                    Thread.sleep(forTimeInterval: 0.1)
                    guard let handle = try? FileHandle(forWritingTo: file) else { return }
                    _ = try? handle.seekToEnd()
                    let line = "{\"t\":\"ev\",\"i\":\(i),\"e\":\"note\",\"text\":\"late\"}\n"
                    try? handle.write(contentsOf: Data(line.utf8))
                    try? handle.close()
                }
            }
            writer.start()
            let process = try AdjointProcess(
                ["trace", "tail", "good.jsonl", "-n", "0", "-f", "--json"], in: folder,
                interruptAfter: "late")
            #expect(process.lines.first?.hasPrefix("{\"t\":\"ev\",\"i\":") == true)
        }
    }

    @Test func stepShowsOneEventAtATime() throws {
        try run(["trace", "step", "good.jsonl", "--at", "2"]) { process, _ in
            #expect(process.status == 0)
            #expect(process.lines[0] == "event 2 of 5: backward through pow: 1 gives 4")
            #expect(process.lines[1] == "  at main.swift:2")
            #expect(process.lines[2] == "    2 | let y = x ** 2")
            #expect(process.lines[3] == "      |           ^")
        }
    }

    @Test func treeShowsValuesGradientsAndLines() throws {
        let utf8 = ["LC_ALL": "C.UTF-8", "COLUMNS": "80"]
        try run(["trace", "tree", "good.jsonl"], utf8) { process, _ in
            #expect(process.status == 0 && process.errors.isEmpty)
            #expect(process.lines.count == 2)
            #expect(process.lines[0].hasPrefix("4  pow"))
            #expect(process.lines[0].contains("∂ 1"))
            #expect(process.lines[0].hasSuffix("main.swift:2"))
            #expect(process.lines[1].hasPrefix("└─ ◆ x = 2"))
            #expect(process.lines[1].hasSuffix("grad 4"))
        }
        try run(["trace", "tree", "good.jsonl", "--at", "0"]) { process, _ in
            #expect(process.status == 0 && !process.output.contains("grad 4"))
            #expect(process.output.contains("`- * x = 2"))
        }
    }

    @Test func explainTellsTheChainRuleInNumbers() throws {
        try run(["trace", "explain", "good.jsonl"]) { process, _ in
            #expect(process.status == 0 && process.errors.isEmpty)
            #expect(process.output.contains("x.grad becomes 4."))
        }
    }

    @Test func exportsEveryFormat() throws {
        let arguments = [
            "export", "good.jsonl", "--svg", "g.svg", "--dot", "g.dot", "--mermaid", "g.mmd",
            "--csv",
            "g.csv", "--chrome", "g.json", "--tensorboard", "logs", "--html", "g.html",
        ]
        try run(arguments) { process, folder in
            #expect(process.status == 0, "\(process.errors)")
            func text(_ name: String) -> String {
                let file = folder.appendingPathComponent(name)
                return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            }
            #expect(text("g.svg").hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
            #expect(text("g.html").hasPrefix("<!doctype html>"))
            #expect(text("g.dot").contains("t0 -> n0"))
            #expect(text("g.mmd").hasPrefix("flowchart TD\n"))
            #expect(text("g.csv").hasSuffix("5,0,,loss,NaN\r\n"))
            #expect(text("g.json").contains("\"traceEvents\""))
            #expect(names(in: folder, "logs") == ["events.out.tfevents.0.good.jsonl"])
        }
        try run(["export", "good.jsonl", "--svg", "-", "--at", "0"]) { process, _ in
            #expect(process.output.contains("event 0 of 5: pow(x) = 4"))
        }
    }

    @Test func whatCannotBeDoneIsOneLineAndLeavesNothing() throws {
        for (arguments, status, message) in [
            (["trace", "doctor"], 2, "file"),
            (["trace", "docter", "good.jsonl"], 2, "docter"),
            (["trace", "tail", "good.jsonl", "--lines=-1"], 2, "--lines is -1"),
            (
                ["trace", "diff", "good.jsonl", "other.jsonl", "--tolerance", "nan"], 2,
                "--tolerance"
            ),
            (["trace", "step", "good.jsonl", "--at", "99"], 2, "the last one is 5"),
            (["trace", "tree", "good.jsonl", "--at", "99"], 2, "no event 99"),
            (["trace", "tree", "good.jsonl", "--limit", "0"], 2, "--limit is 0"),
            (["trace", "explain", "good.jsonl", "--pass", "3"], 2, "the last one is 0"),
            (["trace", "summary", "none.jsonl"], 1, "none.jsonl: there is no such file"),
            (["trace", "summary", "text.txt"], 1, "text.txt, line 1: this is no trace"),
            (["trace", "doctor", "empty.jsonl"], 1, "there is no header"),
            (["trace", "summary", "."], 1, "this is a folder"),
            (["export", "good.jsonl"], 2, "nothing to write"),
            (["export", "good.jsonl", "--svg", "a.svg", "--at", "x"], 2, "--at is x"),
            (["export", "good.jsonl", "--svg", "a.svg", "--direction", "up"], 2, "--direction"),
            (["export", "good.jsonl", "--svg", "a.svg", "--at", "99"], 1, "has no event 99"),
            (["export", "clash.jsonl", "--svg", "a.svg", "--csv", "b.csv"], 1, "no metrics"),
            (["export", "good.jsonl", "--dot", "none/a.dot"], 1, "cannot be written"),
            (["export", "good.jsonl", "--dot", "./good.jsonl"], 1, "the trace that is read"),
        ] as [([String], Int32, String)] {
            try run(arguments) { process, folder in
                #expect(process.status == status, "\(arguments): \(process.errors)")
                #expect(process.output.isEmpty, "\(arguments)")
                #expect(process.errors.contains(message), "\(process.errors)")
                #expect(process.errors.split(separator: "\n").count == 1, "\(process.errors)")
                #expect(names(in: folder) == Self.files.keys.sorted())
            }
        }
    }

    @Test func aTraceThatEndsEarlyIsReadAsFarAsItGoes() throws {
        try run(["trace", "doctor", "cut.jsonl"]) { process, _ in
            #expect(process.status == 0 && process.errors.contains("the last line is cut off"))
        }
        try run(["trace", "summary", "cut.jsonl"]) { process, _ in
            #expect(process.output.contains("reading ended early"))
        }
    }
}
