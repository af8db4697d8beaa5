/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use super::super::block::QUANTUM;
use super::super::nodes::NodeKind;
use super::*;

/// A graph, its time and its ids.
struct Rig {
    graph: Graph,
    quantum: u64,
    ids: u64,
}

const OUT: Port = Port::Input(NodeId::DESTINATION);

impl Rig {
    fn new() -> Self {
        Self { graph: Graph::new(Vec::new()), quantum: 0, ids: 1 }
    }

    fn add(&mut self, kind: NodeKind, name: ParamName, value: f32) -> NodeId {
        self.ids += 1;
        let params = vec![ParamInit::new(name, value, (f32::MIN, f32::MAX), true)];
        let id = NodeId(self.ids);
        self.graph.add(id, NodeInit { kind, params, channels: Channels::up_to_max(2) });
        id
    }

    fn gain(&mut self, value: f32) -> NodeId {
        self.add(NodeKind::Gain, ParamName::Gain, value)
    }

    /// One that sounds.
    fn source(&mut self, value: f32) -> NodeId {
        let id = self.add(NodeKind::ConstantSource, ParamName::Offset, value);
        self.graph.tell(id, NodeMessage::Start(0.0));
        id
    }

    fn connect(&mut self, nodes: &[NodeId]) {
        for pair in nodes.windows(2) {
            self.graph.connect(pair[0], Port::Input(pair[1]));
        }
    }

    /// The first frame of the next quantum, and what ended.
    fn render(&mut self) -> (f32, Vec<NodeId>) {
        let moment = Moment { frame: self.quantum * QUANTUM as u64, rate: QUANTUM as f64 };
        self.quantum += 1;
        let mut ended = Vec::new();
        let block = self.graph.render(moment, |id| ended.push(id));
        let value = block.channels().first().map_or(0.0, |channel| channel[0]);
        (value, ended)
    }

    fn value(&mut self) -> f32 {
        self.render().0
    }

    fn render_until_swept(&mut self) {
        for _ in 0..SWEEP_AFTER + 1 {
            self.render();
        }
    }
}

#[test]
fn sources_go_through_nodes_to_the_destination() {
    let mut rig = Rig::new();
    let (one, two, gain) = (rig.source(0.5), rig.source(0.25), rig.gain(2.0));
    rig.connect(&[one, gain, NodeId::DESTINATION]);
    rig.connect(&[two, NodeId::DESTINATION]);
    // The same connection twice is one.
    rig.connect(&[two, NodeId::DESTINATION]);
    assert_eq!(rig.value(), 1.25);
    rig.graph.disconnect(gain, Some(OUT));
    assert_eq!(rig.value(), 0.25);
    rig.graph.disconnect(two, None);
    assert_eq!(rig.value(), 0.0);
}

#[test]
fn a_node_controls_a_parameter() {
    let mut rig = Rig::new();
    let (source, control, gain) = (rig.source(1.0), rig.source(0.5), rig.gain(0.25));
    rig.connect(&[source, gain, NodeId::DESTINATION]);
    let port = Port::Param(gain, ParamName::Gain);
    rig.graph.connect(control, port);
    assert_eq!(rig.value(), 0.75);
    // Its input is another port.
    rig.graph.disconnect(control, Some(Port::Input(gain)));
    assert_eq!(rig.value(), 0.75);
    rig.graph.disconnect(control, Some(port));
    assert_eq!(rig.value(), 0.25);
}

#[test]
fn what_is_set_while_nothing_sounds_counts_when_it_does() {
    let mut rig = Rig::new();
    let (source, gain) = (rig.add(NodeKind::ConstantSource, ParamName::Offset, 1.0), rig.gain(1.0));
    rig.connect(&[source, gain, NodeId::DESTINATION]);
    rig.graph.automate(
        gain,
        ParamName::Gain,
        Automation::SetValue { value: 0.25, time: 1.0 },
        None,
        0.0,
    );
    rig.graph.tell(source, NodeMessage::Start(4.0));
    for _ in 0..4 {
        assert_eq!(rig.value(), 0.0);
    }
    assert_eq!(rig.value(), 0.25);
}

#[test]
fn cycles_are_silent_and_what_follows_them_is_not() {
    let mut rig = Rig::new();
    let (source, one, two, after) = (rig.source(1.0), rig.gain(1.0), rig.gain(1.0), rig.gain(0.5));
    rig.connect(&[source, one, two, one]);
    rig.connect(&[two, after, NodeId::DESTINATION]);
    rig.connect(&[source, after]);
    assert_eq!(rig.value(), 0.5);
    rig.connect(&[after, after]);
    assert_eq!(rig.value(), 0.0);
    rig.graph.disconnect(after, Some(Port::Input(after)));
    rig.graph.disconnect(two, Some(Port::Input(one)));
    assert_eq!(rig.value(), 1.0);
}

#[test]
fn a_source_ends_also_where_nobody_hears_it() {
    let mut rig = Rig::new();
    let source = rig.source(1.0);
    rig.graph.tell(source, NodeMessage::Stop(1.5));
    assert!(rig.render().1.is_empty());
    assert_eq!(rig.render().1, [source]);
    assert!(rig.render().1.is_empty());
}

#[test]
fn released_nodes_sound_until_their_end_and_are_gone_then() {
    let mut rig = Rig::new();
    let (source, gain) = (rig.source(1.0), rig.gain(0.5));
    rig.connect(&[source, gain, NodeId::DESTINATION]);
    rig.graph.release(source);
    rig.graph.release(gain);
    rig.render_until_swept();
    assert_eq!((rig.value(), rig.graph.len()), (0.5, 2));
    rig.graph.tell(source, NodeMessage::Stop(0.0));
    rig.render_until_swept();
    assert_eq!((rig.value(), rig.graph.len()), (0.0, 0));
}

#[test]
fn a_released_node_stays_while_somebody_can_reach_it() {
    let mut rig = Rig::new();
    let (source, gain, control) = (rig.source(1.0), rig.gain(0.5), rig.source(0.5));
    rig.connect(&[source, gain, NodeId::DESTINATION]);
    rig.graph.connect(control, Port::Param(gain, ParamName::Gain));
    rig.graph.tell(source, NodeMessage::Stop(0.0));
    rig.graph.release(gain);
    rig.render_until_swept();
    assert_eq!(rig.graph.len(), 3);
    rig.graph.disconnect(control, None);
    rig.graph.disconnect(source, None);
    rig.render_until_swept();
    assert_eq!(rig.graph.len(), 2);
}

#[test]
fn released_cycles_are_gone() {
    let mut rig = Rig::new();
    let (one, two) = (rig.gain(1.0), rig.gain(1.0));
    rig.connect(&[one, two, one]);
    rig.connect(&[two, NodeId::DESTINATION]);
    rig.graph.release(one);
    rig.graph.release(two);
    rig.render_until_swept();
    assert_eq!(rig.graph.len(), 0);
}

#[test]
fn a_hundred_thousand_sounds_leave_nothing() {
    let mut rig = Rig::new();
    for _ in 0..1_000 {
        for _ in 0..100 {
            let source = rig.source(0.001);
            rig.connect(&[source, NodeId::DESTINATION]);
            let now = rig.quantum as f64;
            rig.graph.tell(source, NodeMessage::Stop(now));
            rig.graph.release(source);
        }
        rig.render();
    }
    rig.render_until_swept();
    assert_eq!(rig.graph.len(), 0);
    assert!(rig.graph.nodes.len() < 10_000, "places are used again");
}

#[test]
fn a_chain_of_many_nodes_is_rendered() {
    let mut rig = Rig::new();
    let source = rig.source(0.5);
    let mut last = source;
    for _ in 0..50_000 {
        let gain = rig.gain(1.0);
        rig.connect(&[last, gain]);
        last = gain;
    }
    rig.connect(&[last, NodeId::DESTINATION]);
    assert_eq!(rig.value(), 0.5);
}

#[test]
fn what_is_unknown_or_has_no_such_part_changes_nothing() {
    let mut rig = Rig::new();
    let source = rig.source(1.0);
    rig.connect(&[source, NodeId::DESTINATION]);
    let nobody = NodeId(999);
    rig.graph.connect(nobody, OUT);
    rig.graph.connect(source, Port::Input(nobody));
    rig.graph.connect(source, Port::Param(source, ParamName::Pan));
    rig.graph.disconnect(nobody, None);
    rig.graph.disconnect(source, Some(Port::Input(nobody)));
    rig.graph.automate(nobody, ParamName::Gain, Automation::CancelAndHold { time: 0.0 }, None, 0.0);
    rig.graph.tell(source, NodeMessage::Buffer(None));
    rig.graph.tell(nobody, NodeMessage::Start(0.0));
    rig.graph.release(nobody);
    assert_eq!(rig.value(), 1.0);
}
