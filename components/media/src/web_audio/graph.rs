/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The nodes of a context and their connections, and the
//! [rendering](https://webaudio.github.io/web-audio-api/#rendering-loop) of a quantum. Pure.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::{FxHashMap, FxHashSet};

use super::block::{Block, ChannelCountMode, Channels};
use super::nodes::{Moment, NodeInit, NodeMessage, Params, Processor};
use super::param::{Param, ParamInit, ParamName};
use super::timeline::Automation;

/// A node of a context. Whoever makes nodes counts.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct NodeId(pub u64);

impl NodeId {
    /// The destination of a context, which it always has.
    pub const DESTINATION: Self = Self(0);
    /// The listener of a context, which it always has.
    pub const LISTENER: Self = Self(1);
}

/// To what a node's output is connected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Port {
    /// The input of a node.
    Input(NodeId),
    /// A parameter of a node.
    Param(NodeId, ParamName),
}

impl Port {
    fn node(self) -> NodeId {
        match self {
            Self::Input(node) | Self::Param(node, _) => node,
        }
    }
}

/// A node, with what came of it in the last quantum.
struct Node {
    id: NodeId,
    processor: Processor,
    channels: Channels,
    params: Vec<Param>,
    /// The places of the nodes that are connected to its input.
    inputs: Vec<usize>,
    /// The places of the nodes to which it is connected, each once.
    outputs: Vec<usize>,
    output: Block,
    /// Whether nobody can do anything with it any more.
    is_released: bool,
    /// Whether its [cycle](https://webaudio.github.io/web-audio-api/#rendering-loop) mutes it.
    is_muted: bool,
}

impl Node {
    /// The lists of inputs that it has: its own, and those of its parameters.
    fn all_inputs(&self) -> impl Iterator<Item = &Vec<usize>> {
        std::iter::once(&self.inputs).chain(self.params.iter().map(|param| &param.inputs))
    }

    fn inputs_mut(&mut self, param: Option<ParamName>) -> Option<&mut Vec<usize>> {
        match param {
            None => Some(&mut self.inputs),
            Some(name) => self.param(name).map(|param| &mut param.inputs),
        }
    }

    fn param(&mut self, name: ParamName) -> Option<&mut Param> {
        self.params.iter_mut().find(|param| param.name() == name)
    }
}

/// The places of the two nodes that are always there.
const DESTINATION: usize = 0;
const LISTENER: usize = 1;

const STEREO: Channels = Channels { mode: ChannelCountMode::Explicit, ..Channels::up_to_max(2) };

/// After so many quanta with changes, it is looked for nodes that are needed no more.
const SWEEP_AFTER: u32 = 32;
/// So many released nodes are enough to look for them at once.
const SWEEP_AT: u32 = 4_096;

/// The nodes of a context.
pub(crate) struct Graph {
    /// By their places, which are used again.
    nodes: Vec<Option<Node>>,
    free: Vec<usize>,
    places: FxHashMap<NodeId, usize>,
    /// In which order they are rendered.
    order: Vec<usize>,
    order_is_stale: bool,
    /// Whether there may be nodes that are needed no more, and for how many quanta.
    garbage_for: Option<u32>,
    /// How many were released since it was last looked for them.
    released: u32,
}

impl Graph {
    /// A graph with a destination and a listener.
    pub(crate) fn new(listener: Vec<ParamInit>) -> Self {
        let mut graph = Self {
            nodes: Vec::new(),
            free: Vec::new(),
            places: FxHashMap::default(),
            order: Vec::new(),
            order_is_stale: true,
            garbage_for: None,
            released: 0,
        };
        graph.insert(NodeId::DESTINATION, Processor::Destination, STEREO, Vec::new());
        graph.insert(NodeId::LISTENER, Processor::Listener, STEREO, listener);
        graph
    }

    pub(crate) fn add(&mut self, id: NodeId, init: NodeInit) {
        if !self.places.contains_key(&id) {
            self.insert(id, Processor::new(init.kind), init.channels, init.params);
        }
    }

    fn insert(
        &mut self,
        id: NodeId,
        processor: Processor,
        channels: Channels,
        params: Vec<ParamInit>,
    ) {
        let node = Node {
            id,
            processor,
            channels,
            params: params.into_iter().map(Param::new).collect(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            output: Block::default(),
            is_released: false,
            is_muted: false,
        };
        let place = self.free.pop().unwrap_or_else(|| {
            self.nodes.push(None);
            self.nodes.len() - 1
        });
        self.nodes[place] = Some(node);
        self.places.insert(id, place);
        self.order_is_stale = true;
    }

    fn node(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes[*self.places.get(&id)?].as_mut()
    }

    pub(crate) fn connect(&mut self, from: NodeId, to: Port) {
        let (Some(&source), Some(&target)) = (self.places.get(&from), self.places.get(&to.node()))
        else {
            return;
        };
        let param = match to {
            Port::Input(_) => None,
            Port::Param(_, name) => Some(name),
        };
        let inputs = self.nodes[target].as_mut().and_then(|node| node.inputs_mut(param));
        let Some(inputs) = inputs else { return };
        if !inputs.contains(&source) {
            inputs.push(source);
            if let Some(source) = &mut self.nodes[source]
                && !source.outputs.contains(&target)
            {
                source.outputs.push(target);
            }
            self.order_is_stale = true;
        }
    }

    /// Takes a connection away, or with `None` all of them.
    pub(crate) fn disconnect(&mut self, from: NodeId, to: Option<Port>) {
        let Some(&source) = self.places.get(&from) else { return };
        let Some(node) = &self.nodes[source] else { return };
        for target in node.outputs.clone() {
            self.disconnect_from(source, target, to);
        }
        self.order_is_stale = true;
        self.garbage_for.get_or_insert(0);
    }

    fn disconnect_from(&mut self, source: usize, target: usize, to: Option<Port>) {
        let Some(node) = &mut self.nodes[target] else { return };
        if to.is_some_and(|to| to.node() != node.id) {
            return;
        }
        if !matches!(to, Some(Port::Param(..))) {
            node.inputs.retain(|input| *input != source);
        }
        for param in &mut node.params {
            let name = param.name();
            if to.is_none_or(|to| matches!(to, Port::Param(_, wanted) if wanted == name)) {
                param.inputs.retain(|input| *input != source);
            }
        }
        let is_connected = node.all_inputs().any(|inputs| inputs.contains(&source));
        if let Some(source) = self.nodes[source].as_mut().filter(|_| !is_connected) {
            source.outputs.retain(|output| *output != target);
        }
    }

    pub(crate) fn automate(
        &mut self,
        id: NodeId,
        name: ParamName,
        automation: Automation,
        set: Option<u32>,
        now: f64,
    ) {
        if let Some(param) = self.node(id).and_then(|node| node.param(name)) {
            param.apply(automation, set, now);
        }
    }

    pub(crate) fn set_a_rate(&mut self, id: NodeId, name: ParamName, is_a_rate: bool) {
        if let Some(param) = self.node(id).and_then(|node| node.param(name)) {
            param.set_a_rate(is_a_rate);
        }
    }

    pub(crate) fn tell(&mut self, id: NodeId, message: NodeMessage) {
        let Some(node) = self.node(id) else { return };
        match message {
            NodeMessage::Channels(channels) => node.channels = channels,
            message => node.processor.handle(message),
        }
    }

    /// Nobody can do anything with a node any more: it goes when it can sound no more.
    pub(crate) fn release(&mut self, id: NodeId) {
        if let Some(node) = self.node(id) {
            node.is_released = true;
            self.garbage_for.get_or_insert(0);
            self.released += 1;
            // Nothing may be rendered for long.
            if self.released >= SWEEP_AT {
                self.sweep();
            }
        }
    }

    /// How many nodes there are, besides the two that are always there.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.places.len() - 2
    }

    /// [Renders a quantum](https://webaudio.github.io/web-audio-api/#rendering-loop): two channels, or
    /// silence. Tells which sources have ended.
    pub(crate) fn render(&mut self, moment: Moment, mut ended: impl FnMut(NodeId)) -> &Block {
        if let Some(quanta) = &mut self.garbage_for {
            *quanta += 1;
            if *quanta >= SWEEP_AFTER {
                self.sweep();
            }
        }
        if std::mem::take(&mut self.order_is_stale) {
            self.find_order();
        }
        let order = std::mem::take(&mut self.order);
        let mut input = Block::default();
        for place in &order {
            let Some(mut node) = self.nodes[*place].take() else { continue };
            if self.render_node(&mut node, &mut input, moment) {
                ended(node.id);
                self.garbage_for.get_or_insert(0);
            }
            self.nodes[*place] = Some(node);
        }
        self.order = order;
        let destination = self.nodes[DESTINATION].as_mut().expect("it is always there");
        if !destination.output.is_silent() && destination.output.channel_count() != 2 {
            input.mix(std::iter::once(&destination.output), STEREO);
            std::mem::swap(&mut destination.output, &mut input);
        }
        &destination.output
    }

    fn render_node(&self, node: &mut Node, input: &mut Block, moment: Moment) -> bool {
        let output_of = |place: &usize| {
            self.nodes[*place].as_ref().filter(|it| !it.is_muted).map(|it| &it.output)
        };
        for param in &mut node.params {
            let inputs = param.inputs.clone();
            param.compute(inputs.iter().filter_map(output_of), |frame| moment.time(frame));
        }
        input.silence();
        if !node.is_muted {
            input.mix(node.inputs.iter().filter_map(output_of), node.channels);
        }
        let silence = Block::default();
        let listener = output_of(&LISTENER).unwrap_or(&silence);
        let params = Params(&node.params);
        let ended = node.processor.process(input, params, listener, moment, &mut node.output);
        if node.is_muted {
            node.output.silence();
        }
        ended
    }

    /// In which order nodes are rendered, and which are in
    /// [cycles](https://webaudio.github.io/web-audio-api/#rendering-loop): there is no `DelayNode` that
    /// would break one.
    fn find_order(&mut self) {
        let mut graph = DiGraph::<(), (), usize>::default();
        for _ in &self.nodes {
            graph.add_node(());
        }
        // From each node to those that come before it.
        for (place, node) in self.nodes.iter().enumerate() {
            let Some(node) = node else { continue };
            for input in node.all_inputs().flatten() {
                graph.add_edge(NodeIndex::new(place), NodeIndex::new(*input), ());
            }
            if matches!(node.processor, Processor::Panner(_)) {
                graph.add_edge(NodeIndex::new(place), NodeIndex::new(LISTENER), ());
            }
        }
        self.order.clear();
        // They come in the order of their edges, reversed.
        for component in kosaraju_scc(&graph) {
            let first = component[0];
            let is_cycle = component.len() > 1 || graph.contains_edge(first, first);
            for place in component {
                if let Some(node) = &mut self.nodes[place.index()] {
                    node.is_muted = is_cycle;
                    self.order.push(place.index());
                }
            }
        }
    }

    /// Removes nodes that can neither sound any more nor be heard of: those that are released, and that
    /// nothing reaches which is not or which plays.
    fn sweep(&mut self) {
        (self.garbage_for, self.released) = (None, 0);
        let mut reached = FxHashSet::default();
        let mut next: Vec<usize> = Vec::new();
        for (place, node) in self.nodes.iter_mut().enumerate() {
            let Some(node) = node else { continue };
            if !node.is_released || node.processor.is_playing() {
                reached.insert(place);
                next.push(place);
            }
        }
        while let Some(place) = next.pop() {
            let Some(node) = &self.nodes[place] else { continue };
            next.extend(node.outputs.iter().filter(|output| reached.insert(**output)));
        }
        for place in 0..self.nodes.len() {
            if self.nodes[place].is_some() && !reached.contains(&place) {
                self.remove(place);
            }
        }
    }

    fn remove(&mut self, place: usize) {
        let Some(node) = self.nodes[place].take() else { return };
        self.places.remove(&node.id);
        for target in &node.outputs {
            let Some(target) = &mut self.nodes[*target] else { continue };
            target.inputs.retain(|input| *input != place);
            for param in &mut target.params {
                param.inputs.retain(|input| *input != place);
            }
        }
        for source in node.all_inputs().flatten() {
            if let Some(source) = &mut self.nodes[*source] {
                source.outputs.retain(|output| *output != place);
            }
        }
        self.free.push(place);
        self.order_is_stale = true;
    }
}

#[cfg(test)]
mod tests;
