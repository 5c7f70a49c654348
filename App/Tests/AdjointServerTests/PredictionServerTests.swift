import Adjoint
import AdjointExamples
import AdjointLoad
import CMeter
import Foundation
import Testing

/// The example server, started as a process, and its answers against what the model says here.
@Suite(.serialized) struct PredictionServerTests {
    @Test func aThousandRequestsAtOnceAreAllAnsweredRight() throws {
        meter_allow_files()
        try withServer { server, model in
            let requests = PlannedRequest.mixture(1000, for: model)
            let connections = try requests.map { _ in try LoadConnection(port: server.port) }
            for (connection, request) in zip(connections, requests) {
                try connection.send(request.bytes)
            }
            for (connection, request) in zip(connections, requests) {
                #expect(try request.fault(in: connection.answer()) == nil)
            }
            #expect(server.isRunning)
        }
    }

    @Test func everyBadRequestIsRefusedAndTheConnectionStays() throws {
        try withServer { server, model in
            let connection = try LoadConnection(port: server.port)
            let good = PlannedRequest.mixture(1, for: model)[0]
            for request in PlannedRequest.refused {
                try connection.send(request.bytes)
                #expect(try request.fault(in: connection.answer()) == nil)
                try connection.send(good.bytes)
                #expect(try good.fault(in: connection.answer()) == nil)
            }
        }
    }

    @Test func theReasonIsTheTextOfTheTensorError() throws {
        try withServer { server, model in
            let input = Tensor.ones([1, 3, 8, 8])
            let error = #expect(throws: TensorError.self) {
                try catchingTensorErrors { inferenceMode { model(input) } }
            }
            let values = [String](repeating: "1", count: 192).joined(separator: ",")
            let body = #"{"values": [\#(values)], "shape": [1, 3, 8, 8]}"#
            let connection = try LoadConnection(port: server.port)
            try connection.send(
                Array(
                    ("POST /predict HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8))
            let answer = try connection.answer()
            #expect(answer.status == 400)
            let object = try JSONSerialization.jsonObject(with: Data(answer.body.utf8))
            #expect((object as? [String: String])?["error"] == error?.description)
        }
    }

    @Test func itOutlivesMoreConnectionsThanItMayHave() throws {
        try withModel { path, model in
            let port = try ServerProcess(model: path).port
            let server = try ServerProcess(model: path, port: port, files: 40)
            let request = PlannedRequest.mixture(1, for: model)[0]
            do {
                // The last of them may find the door closed.
                let connections = (0..<60).map { _ in try? LoadConnection(port: port) }
                #expect(connections.contains { $0 != nil })
            }
            var faults: [String] = []
            for _ in 0..<100 {
                do {
                    let connection = try LoadConnection(port: port)
                    try connection.send(request.bytes)
                    #expect(try request.fault(in: connection.answer()) == nil)
                    #expect(server.isRunning)
                    return
                } catch {
                    faults.append("\(error)")
                    Thread.sleep(forTimeInterval: 0.1)
                }
            }
            Issue.record("it answers no more: \(faults.last ?? "")")
        }
    }

    /// Calls `body` with a server of a network with drawn weights, and the same network.
    private func withServer(_ body: (ServerProcess, DigitNet) throws -> Void) throws {
        try withModel { try body(ServerProcess(model: $0), $1) }
    }

    /// Calls `body` with the path of a file, and the network with drawn weights that is in it.
    private func withModel(_ body: (String, DigitNet) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("adjoint-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let model = withGenerator(seed: 5) { DigitNet() }
        model.eval()
        let path = folder.appendingPathComponent("digits.safetensors").path
        try save(model.stateDict(), to: path)
        try body(path, model)
    }
}
