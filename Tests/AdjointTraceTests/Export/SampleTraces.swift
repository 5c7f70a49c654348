@testable import AdjointTrace

/// Traces written by hand, so that each number in them is known.
enum SampleTraces {
    static func read(_ text: String) -> TraceDocument {
        var reader = TraceReader()
        let records = reader.push(Array(text.utf8)) + reader.finish()
        precondition(reader.problem == nil, "\(reader.problem!)")
        return TraceDocument(records)
    }

    /// y = x² + 3x at x = 2, and backward: x.grad becomes 3, then 3 + 4 = 7.
    static let seed = read(
        """
        {"t":"header","format":"autograd-trace","version":1,"library":"Adjoint","title":"y = x² + 3x","created":"2025-01-31T12:30:00Z"}
        {"t":"file","id":0,"path":"Sources/demo/main.swift","text":"let x = Tensor(2.0, requiresGrad: true)\\nlet y = x ** 2 + 3 * x\\ny.backward()\\n"}
        {"t":"tensor","id":0,"storage":0,"name":"x","role":"input","shape":[],"dtype":"float32","requiresGrad":true,"leaf":true,"version":0,"value":{"k":"full","data":[2]}}
        {"t":"tensor","id":1,"storage":1,"shape":[],"dtype":"float32","requiresGrad":true,"leaf":false,"producer":[0,0],"value":{"k":"full","data":[4]}}
        {"t":"node","id":0,"op":"pow","gradFn":"PowBackward","src":[0,2,11],"inputs":[{"tensor":0,"version":0}],"outputs":[1],"attrs":{"n":2},"saved":[{"name":"self","tensor":0,"version":0,"bytes":4,"shared":true}],"next":[{"leaf":0}]}
        {"t":"ev","i":0,"us":10,"e":"forward","node":0}
        {"t":"tensor","id":2,"storage":2,"shape":[],"dtype":"float32","requiresGrad":true,"leaf":false,"producer":[1,0],"value":{"k":"full","data":[6]}}
        {"t":"node","id":1,"op":"mul","gradFn":"MulBackward","src":[0,2,20],"inputs":[{"scalar":3},{"tensor":0,"version":0}],"outputs":[2],"saved":[],"next":[null,{"leaf":0}]}
        {"t":"ev","i":1,"us":20,"e":"forward","node":1}
        {"t":"tensor","id":3,"storage":3,"name":"y","role":"loss","shape":[],"dtype":"float32","requiresGrad":true,"leaf":false,"producer":[2,0],"value":{"k":"full","data":[10]}}
        {"t":"node","id":2,"op":"add","gradFn":"AddBackward","src":[0,2,16],"inputs":[{"tensor":1,"version":0},{"tensor":2,"version":0}],"outputs":[3],"saved":[],"next":[{"node":0,"out":0},{"node":1,"out":0}]}
        {"t":"ev","i":2,"us":30,"e":"forward","node":2}
        {"t":"ev","i":3,"us":40,"e":"backward.begin","run":0,"roots":[3],"gradOut":[{"k":"full","data":[1]}],"src":[0,3,3]}
        {"t":"ev","i":4,"us":41,"e":"backward.node","run":0,"node":2,"gradOut":[{"k":"full","data":[1]}],"gradIn":[{"k":"full","data":[1]},{"k":"full","data":[1]}]}
        {"t":"ev","i":5,"us":42,"e":"edge","run":0,"from":2,"input":0,"to":{"node":0,"out":0},"value":{"k":"full","data":[1]}}
        {"t":"ev","i":6,"us":43,"e":"edge","run":0,"from":2,"input":1,"to":{"node":1,"out":0},"value":{"k":"full","data":[1]}}
        {"t":"ev","i":7,"us":44,"e":"backward.node","run":0,"node":1,"gradOut":[{"k":"full","data":[1]}],"gradIn":[{"k":"none","why":"undefined-grad"},{"k":"full","data":[3]}]}
        {"t":"ev","i":8,"us":45,"e":"edge","run":0,"from":1,"input":1,"to":{"leaf":0},"value":{"k":"full","data":[3]}}
        {"t":"ev","i":9,"us":46,"e":"accumulate","run":0,"tensor":0,"from":1,"before":{"k":"none","why":"not-computed"},"incoming":{"k":"full","data":[3]},"after":{"k":"full","data":[3]},"mode":"assign"}
        {"t":"ev","i":10,"us":47,"e":"backward.node","run":0,"node":0,"gradOut":[{"k":"full","data":[1]}],"gradIn":[{"k":"full","data":[4]}]}
        {"t":"ev","i":11,"us":48,"e":"edge","run":0,"from":0,"input":0,"to":{"leaf":0},"value":{"k":"full","data":[4]}}
        {"t":"ev","i":12,"us":49,"e":"accumulate","run":0,"tensor":0,"from":0,"before":{"k":"full","data":[3]},"incoming":{"k":"full","data":[4]},"after":{"k":"full","data":[7]},"mode":"add"}
        {"t":"ev","i":13,"us":50,"e":"free","run":0,"node":0,"bytes":0}
        {"t":"ev","i":14,"us":51,"e":"backward.end","run":0}
        {"t":"ev","i":15,"us":52,"e":"metric","name":"loss","y":10,"step":0}

        """)

    /// The seed with other words in the place of `old`.
    static func seed(replacing changes: [(old: String, new: String)]) -> TraceDocument {
        var text = String(decoding: seed.jsonLines, as: UTF8.self)
        for (old, new) in changes { text = text.replacing(old, with: new) }
        return read(text)
    }

    /// A chain of `count` operations, each in its own module "block i" of a module "model".
    static func blocks(_ count: Int, operations: Int = 3) -> TraceDocument {
        var document = TraceDocument()
        document.append(.header(TraceHeader(library: "Adjoint", title: "blocks")))
        document.append(.scope(TraceScope(id: 0, name: "model", kind: .module)))
        func tensor(_ id: Int, _ producer: Int?) -> TraceRecord {
            .tensor(
                TraceTensor(
                    id: id, shape: [2], dtype: "float32", requiresGrad: true, leaf: producer == nil,
                    producer: producer.map { .init(node: $0) }))
        }
        document.append(tensor(0, nil))
        for block in 0..<count {
            document.append(
                .scope(
                    TraceScope(id: block + 1, parent: 0, name: "block \(block)", kind: .module)))
            for i in 0..<operations {
                let id = block * operations + i
                document.append(tensor(id + 1, id))
                document.append(
                    .node(
                        TraceNode(
                            id: id, op: "relu", gradFn: "ReluBackward", scope: block + 1,
                            inputs: [TraceInput(tensor: id)], outputs: [id + 1],
                            saved: [.init(name: "result", tensor: id + 1, version: 0, bytes: 8)],
                            next: [id == 0 ? .leaf(0) : .node(id - 1)])))
            }
        }
        return document
    }
}
