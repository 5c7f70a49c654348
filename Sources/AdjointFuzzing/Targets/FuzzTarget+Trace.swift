import AdjointCore
import AdjointData
import AdjointTrace

extension FuzzTarget {
    /// Recordings of small programs, some with mistakes.
    private static func traceSeeds() -> [FuzzSeed] {
        func record(_ values: TraceCapture.Values, _ body: () throws -> Void) -> FuzzSeed {
            let document = Trace.record(TraceOptions(values: values, stacks: .none, times: false)) {
                try? catchingTensorErrors(body)
            }
            return FuzzSeed(lines: String(decoding: document.jsonLines, as: UTF8.self))
        }
        return [
            record(.full) {
                let x = Tensor([2.0, -1.0], requiresGrad: true)
                let y = (x ** 2 + 3 * x).sum()
                y.backward()
                y.backward()
            },
            record(.summary) {
                let w = Tensor.arange(0, 80).reshape(8, 10).detach()
                w.requiresGrad = true
                let z = (w - 40).log()
                z.relu().mean().backward()
                noGrad { _ = w.mul_(0.5) }
                w.grad = nil
                Trace.note("a note")
            },
            FuzzSeed(lines: FuzzTraces.everything),
        ]
    }

    private static let traceTokens = [
        "{", "}", "[", "]", ",", ":", "\"", "null", "true", "false", "\"NaN\"", "\"-Infinity\"",
        "-1",
        "\"t\":\"node\"", "\"t\":\"ev\"", "\"t\":\"tensor\"", "\"t\":\"scope\"", "\"records\":[",
        "\"k\":\"full\",\"data\":[", "\"k\":\"sum\",\"n\":",
        "\"k\":\"none\",\"why\":\"not-captured\"",
        "\"outputs\":[", "\"inputs\":[", "\"next\":[{\"node\":0}", "\"leaf\":0", "\"viewOf\":2",
        "\"parent\":1", "\"shape\":[", "\"producer\":[0,0]", "\"src\":[0,1]", "\"e\":\"edge\"",
        "\"e\":\"backward.begin\"", "\"e\":\"accumulate\"", "\"e\":\"mem\"", "\"e\":\"metric\"",
        "\\u0000", "\\ud83d", "\\ud83d\\ude00", "\"id\":0", "\"id\":1", "\"i\":0", "\u{301}",
    ]
    private static let traceOpeners = [
        "[", "{\"a\":", "{\"records\":[", "[[", "0,", "{\"k\":", "[],", "{},", "\"\",",
    ]

    private static func document(_ bytes: [UInt8]) throws -> TraceDocument {
        try TraceDocument(jsonLines: bytes)
    }

    static let trace = FuzzTarget(
        name: "trace", makeSeeds: { _ in traceSeeds() }, tokens: traceTokens, openers: traceOpeners,
        memoryFactor: 256,
        check: { bytes, _ in
            let document = try document(bytes)
            // A file that grows is read piece by piece.
            var reader = TraceReader()
            var records = reader.push(bytes[..<(bytes.count / 2)])
            records += reader.push(bytes[(bytes.count / 2)...])
            records += reader.finish()
            guard TraceDocument(records).records == document.records,
                reader.problem == document.problem, reader.skipped == document.skipped
            else { throw Violation("a trace in two pieces is another") }
            let back: TraceDocument
            do { back = try TraceDocument(jsonLines: document.jsonLines) } catch {
                throw Violation("what was written cannot be read: \(error)")
            }
            guard back.records == document.records, back.problem == nil else {
                throw Violation("the trace came back another: \(back.problem as Any)")
            }
        }, isRefusal: { $0 is TraceProblem })

    /// What reads a trace once it is in memory: the checker, the doctor, pictures, reports.
    static let traceTools = FuzzTarget(
        name: "trace-tools", makeSeeds: { _ in traceSeeds() }, tokens: traceTokens,
        openers: ["[", "0,"], memoryFactor: 4096,
        check: { bytes, _ in
            let document = try document(bytes)
            _ = TraceChecker.check(document)
            let findings = document.findings()
            let report = FindingReport(findings, of: document)
            _ = report.text
            let words = TraceReport(document)
            _ = (words.summary, words.summaryJSON)
            for event in document.events.prefix(20) {
                _ = (words.line(event), words.moment(at: event.index))
            }
            _ = try? document.svg()
            _ = try? document.dot()
            _ = try? document.mermaid()
            _ = try? document.csv()
            _ = document.chromeTrace()
            let memory = document.memory()
            _ = (memory.peak, memory.causes(), memory.bytes(at: 3))
            let terminal = TerminalCapabilities()
            _ = TraceTree(document).text(terminal)
            _ = Explanation(document).text(terminal)
            _ = TraceDiff(document, document).isEmpty
        }, isRefusal: { $0 is TraceProblem })
}

/// Traces that are written by hand.
package enum FuzzTraces {
    /// Every kind of record and event. The tests of the trace's reader have it too.
    package static let everything = #"""
        {"t":"header","format":"autograd-trace","version":1,"library":"Adjoint","created":"2026-01-01T00:00:00Z","title":"x² + 3x","capture":{"values":"summary","maxElements":64,"stacks":"user","sourceText":true},"dropped":{"mem":2}}
        {"t":"file","id":0,"path":"main.swift","text":"let x = Tensor(2)\nlet y = x ** 2 + 3 * x\ny.backward()\n"}
        {"t":"rule","id":"pow","forward":"out = self ^ n","local":["n · self^(n−1)"],"vjp":["grad · n · self^(n−1)"]}
        {"t":"rule","id":"mul","forward":"out = self · other","local":["other","self"],"vjp":["grad · other","grad · self"],"doc":"product"}
        {"t":"rule","id":"eq","forward":"out = self == other","local":[null,null],"vjp":[null,null],"nondiff":"steps"}
        {"t":"scope","id":0,"parent":null,"name":"model","kind":"module","cls":"MLP","path":"model"}
        {"t":"scope","id":1,"parent":0,"name":"fc1","kind":"module","cls":"Linear","path":"model.fc1"}
        {"t":"tensor","id":0,"storage":0,"name":"x","role":"input","shape":[],"strides":[],"dtype":"float32","device":"cpu","bytes":4,"requiresGrad":true,"leaf":true,"version":0,"producer":null,"value":{"k":"full","data":[2],"exact":true},"src":[0,1,9]}
        {"t":"tensor","id":1,"storage":1,"shape":[],"dtype":"float32","requiresGrad":true,"leaf":false,"producer":[0,0],"value":{"k":"full","data":[4]}}
        {"t":"tensor","id":2,"viewOf":1,"shape":[2,3],"dtype":"float32","requiresGrad":false,"leaf":true,"retainsGrad":false,"value":{"k":"sum","n":6,"min":-0.5,"max":1e+20,"mean":"NaN","std":0.1,"l2":"Infinity","absmax":1e+20,"zeros":1,"nan":1,"inf":0,"head":[0.1,"NaN",-0],"hist":{"edges":[0,1,2],"counts":[3,2]}}}
        {"t":"node","id":0,"op":"pow","gradFn":"PowBackward","rule":"pow","scope":1,"src":[0,2,11],"stack":[[0,2,11],[0,3]],"inputs":[{"tensor":0,"version":0},{"scalar":2,"arg":"exponent"}],"outputs":[1],"attrs":{"dims":[0,1],"n":2,"name":"a\"\\\n\u0001é","none":null,"on":true},"saved":[{"name":"self","tensor":0,"version":0,"bytes":4,"shared":true}],"next":[{"leaf":0},null],"order":1,"inplace":false,"gradEnabled":true,"t0":1.5,"dur":0.25}
        {"t":"node","id":1,"op":"mul","gradFn":null,"inputs":[],"outputs":[1],"next":[{"node":0},{"node":0,"out":1}]}
        {"t":"ev","i":0,"us":1.75,"e":"forward","node":0}
        {"t":"ev","i":1,"e":"backward.begin","run":0,"roots":[1],"gradOut":[{"k":"full","data":[1]}],"retainGraph":false,"createGraph":false,"src":[0,3]}
        {"t":"ev","i":7,"e":"backward.node","run":0,"node":1,"gradOut":[{"k":"full","data":[1]}],"gradIn":[{"k":"none","why":"undefined-grad"},{"k":"full","data":[3]}],"local":[null,{"text":"3","value":{"k":"full","data":[3]},"derived":false}]}
        {"t":"ev","i":8,"e":"accumulate","run":0,"tensor":0,"from":1,"before":{"k":"none","why":"not-computed"},"incoming":{"k":"full","data":[3]},"after":{"k":"full","data":[3]},"mode":"assign"}
        {"t":"ev","i":9,"e":"edge","run":0,"from":1,"input":1,"to":{"node":0},"value":{"k":"full","data":[1]}}
        {"t":"ev","i":10,"e":"accumulate","run":0,"tensor":0,"from":0,"input":0,"before":{"k":"full","data":[3]},"incoming":{"k":"full","data":[4]},"after":{"k":"full","data":[7]},"mode":"add"}
        {"t":"ev","i":11,"e":"free","run":0,"node":0,"bytes":0}
        {"t":"ev","i":12,"e":"backward.end","run":0}
        {"t":"ev","i":13,"e":"error","kind":"backward-twice","message":"PowBackward (main.swift:2) already gave back the tensor it saved for backward.","hint":"Call y.backward(retainGraph: true) the first time, or rebuild y.","phase":"backward","run":1,"node":0,"tensor":0,"cause":11,"expected":0,"actual":1,"src":[0,3]}
        {"t":"ev","i":14,"e":"backward.end","run":1,"kind":"failed"}
        {"t":"ev","i":15,"e":"inplace","tensor":0,"node":1,"name":"add_","versionBefore":0,"versionAfter":1,"value":{"k":"none","why":"not-captured"},"src":[0,4]}
        {"t":"ev","i":16,"e":"zero_grad","tensor":0,"setToNone":true,"src":[0,5]}
        {"t":"ev","i":17,"e":"optim.step","tensor":0,"name":"SGD","step":1,"versionBefore":1,"versionAfter":2,"value":{"k":"full","data":[1.3]},"src":[0,6]}
        {"t":"ev","i":18,"e":"grad_mode","enabled":false,"name":"noGrad","src":[0,7]}
        {"t":"ev","i":19,"e":"mem","bytes":12,"mem":{"exp":4,"mul":8}}
        {"t":"ev","i":20,"e":"metric","name":"loss","y":"NaN","step":3,"epoch":0.5}
        {"t":"ev","i":21,"e":"anomaly","kind":"nan","phase":"forward","first":true,"node":0,"tensor":1,"run":0,"count":2,"index":[1,0]}
        {"t":"ev","i":22,"e":"note","text":"here","node":0,"tensor":1,"src":[0,8]}
        {"t":"ev","i":23,"e":"loop","name":"epoch","step":2,"epoch":2}

        """#
}
