import AdjointTrace
import Testing

/// The trace of `y = x² + 3x` at x = 2, of a backward pass and of a second one that fails.
enum SeedTrace {
    static let text = #"""
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

    static func document() throws -> TraceDocument { try TraceDocument(jsonLines: text.utf8) }
}

@Suite("records of a trace") struct RecordTests {
    @Test("what is written reads back as it was, every kind of record and event")
    func roundTrip() throws {
        let document = try SeedTrace.document()
        #expect(document.problem == nil)
        #expect(document.skipped == 0)
        let kinds = Set(document.events.map(\.kind))
        #expect(kinds == Set(TraceEvent.Kind.allCases))
        let again = try TraceDocument(jsonLines: document.jsonLines)
        #expect(again == document)
        // The text above is in the writer's own form, except for nulls that it leaves out.
        let lines = SeedTrace.text.replacing(#""parent":null,"#, with: "")
            .replacing(#""producer":null,"#, with: "")
        let written = String(decoding: document.jsonLines, as: UTF8.self)
        for (a, b) in zip(written.split(separator: "\n"), lines.split(separator: "\n")) {
            #expect(a == b)
        }
        #expect(written.count == lines.count)
    }

    @Test("ids lead to their records, and events are found by index")
    func indices() throws {
        let document = try SeedTrace.document()
        #expect(document.tensor(0)?.name == "x")
        #expect(document.node(0)?.saved.first?.shared == true)
        #expect(document.node(0)?.next == [.leaf(0), nil])
        #expect(document.rule("pow")?.local == ["n · self^(n−1)"])
        #expect(document.line(document.node(0)?.src) == "main.swift:2")
        #expect(document.event(10)?.kind == .accumulate)
        #expect(document.event(6) == nil)
        #expect(document.event(13)?.node == 0)
        #expect(document.scope(1)?.parent == 0)
        #expect(document.tensor(99) == nil)
        var grown = document
        var tensor = try #require(document.tensor(1))
        tensor.name = "h"
        grown.append(.tensor(tensor))
        #expect(grown.tensor(1)?.name == "h")
        #expect(grown.tensors.count == document.tensors.count)
    }

    @Test("numbers keep their bits, also where JSON has no word for them")
    func numbers() throws {
        let values: [Double] = [
            0, -0.0, 1, -1, 0.1, 1e300, .leastNonzeroMagnitude, .nan, .infinity, -.infinity, 1e15,
            123_456_789_012,
            .greatestFiniteMagnitude, Double(Float(0.1).description)!,
        ]
        let value = TraceValue.full(values, exact: true)
        var document = TraceDocument([.header(TraceHeader(library: "test"))])
        document.append(
            .tensor(
                TraceTensor(
                    id: 0, shape: [values.count], dtype: "float64", requiresGrad: false,
                    leaf: true, value: value)))
        let again = try TraceDocument(jsonLines: document.jsonLines)
        #expect(again.tensor(0)?.value == value)
        #expect(again.tensor(0)?.value != .full(values.map { -$0 }, exact: true))
    }
}
