<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name></name>
    <message>
        <source>It is byte for byte what it was when it was read before.</source>
        <translation>与上次读取时逐字节相同。</translation>
    </message>
    <message>
        <source>Its bytes are others than before, although nobody wrote to it: the drive may be failing. Get the file again.</source>
        <translation>内容与以前不同，但没有程序改写过它：磁盘可能正在损坏。请重新获取该文件。</translation>
    </message>
    <message>
        <source>It is the file that its site describes.</source>
        <translation>与其网站所描述的文件一致。</translation>
    </message>
    <message>
        <source>It is not the file that its site describes: damaged, or another one of the same name.</source>
        <translation>与其网站所描述的文件不一致：文件已损坏，或只是同名的另一个文件。</translation>
    </message>
    <message>
        <source>Its weights are those that its trainer wrote.</source>
        <translation>权重与训练者写入的一致。</translation>
    </message>
    <message>
        <source>Its weights are others than its trainer wrote: it was changed since, or damaged.</source>
        <translation>权重与训练者写入的不一致：之后被改动过，或已损坏。</translation>
    </message>
    <message>
        <source>It can be read to the end. Nothing is known to compare it with; from now on its hash is.</source>
        <translation>可以完整读取。目前没有可供比对的信息；从现在起会以它的哈希值为准。</translation>
    </message>
    <message>
        <source>Move to Bin</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Move {name} to the bin?</source>
        <translation>要把 {name} 移到回收站吗？</translation>
    </message>
    <message>
        <source>Keep It</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Handscroll</source>
        <translation>关于 Handscroll</translation>
    </message>
    <message>
        <source>not started yet</source>
        <translation>尚未启动</translation>
    </message>
    <message>
        <source>Paint on an endless canvas together with a diffusion model, on your own computer, offline.</source>
        <translation>在无边的画布上与扩散模型一起作画，就在你自己的电脑上，无需联网。</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>版本 {0}</translation>
    </message>
    <message>
        <source>Engine: {0}</source>
        <translation>引擎：{0}</translation>
    </message>
    <message>
        <source>Paintings without a name: {0}</source>
        <translation>未命名的画作：{0}</translation>
    </message>
    <message>
        <source>Log: {0}</source>
        <translation>日志：{0}</translation>
    </message>
    <message>
        <source>Apache License 2.0. Qt and PySide6 are used under the LGPL 3.</source>
        <translation>Apache 许可证 2.0。Qt 与 PySide6 依 LGPL 3 使用。</translation>
    </message>
</context>
<context>
    <name>AdjustmentPanel</name>
    <message>
        <source>Adjustment</source>
        <translation>调整</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Change nothing any more: back to how a new adjustment is</source>
        <translation>不再改变任何东西：回到新建调整时的样子</translation>
    </message>
    <message>
        <source>Choose an adjustment layer in the layers panel to change it here, or add one from the menu Layer: levels, curves, hue and saturation, brightness and contrast.</source>
        <translation>在图层面板中选择一个调整图层，即可在这里修改；也可以从“图层”菜单添加：色阶、曲线、色相/饱和度、亮度/对比度。</translation>
    </message>
</context>
<context>
    <name>AnimateDialog</name>
    <message>
        <source>The seed is too large; it goes up to {most}.</source>
        <translation>种子太大；最大为 {most}。</translation>
    </message>
    <message>
        <source>{frames} frames of {width} × {height} pixels, {seconds} s.</source>
        <translation>{frames} 帧，每帧 {width} × {height} 像素，{seconds} 秒。</translation>
    </message>
    <message>
        <source>About {time}.</source>
        <translation>约需 {time}。</translation>
    </message>
    <message>
        <source>How long it takes is known after the first clip.</source>
        <translation>做完第一段短片后才知道需要多久。</translation>
    </message>
    <message>
        <source>About {gigabytes} GB of memory.</source>
        <translation>约需 {gigabytes} GB 内存。</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>What is seen, and above all what moves, and how</source>
        <translation>看到什么，尤其是什么在动、怎样动</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>The models of the library that make clips</source>
        <translation>模型库中能制作短片的模型</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>帧数</translation>
    </message>
    <message>
        <source>How many pictures the clip has: 5, 9, 13 … 161. Twice as many take more than twice as long</source>
        <translation>短片由多少张画面组成：5、9、13 … 161。帧数加倍，用时不止加倍</translation>
    </message>
    <message>
        <source>Frames a second</source>
        <translation>每秒帧数</translation>
    </message>
    <message>
        <source>How fast it plays; it can be changed later</source>
        <translation>播放速度；以后可以再改</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>How far this model paints over the picture: the more, the more moves, and the less is kept</source>
        <translation>模型改绘画面的程度：越大动得越多，保留得越少</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>More take longer and are cleaner</source>
        <translation>越多越慢，画面越干净</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>The same seed gives the same clip; empty draws one</source>
        <translation>相同的种子得到相同的短片；留空则随机抽取</translation>
    </message>
    <message>
        <source>Animate the Frame</source>
        <translation>让画框动起来</translation>
    </message>
    <message>
        <source>The selection</source>
        <translation>选区</translation>
    </message>
    <message>
        <source>The frame</source>
        <translation>画框</translation>
    </message>
    <message>
        <source>Begin with what is painted there</source>
        <translation>从那里已画的内容开始</translation>
    </message>
    <message>
        <source>Without, the words alone say what is seen</source>
        <translation>不勾选时，只由文字决定看到什么</translation>
    </message>
    <message>
        <source>Nothing is painted there; the words alone say what is seen</source>
        <translation>那里什么也没画；只由文字决定看到什么</translation>
    </message>
    <message>
        <source>{count} frames</source>
        <translation>{count} 帧</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>Animate</source>
        <translation>制作短片</translation>
    </message>
    <message>
        <source>Make the clip; painting goes on meanwhile, and the canvas stays as it is (Enter)</source>
        <translation>制作短片；其间可以继续作画，画布保持原样（Enter）</translation>
    </message>
</context>
<context>
    <name>AnnotatorRow</name>
    <message>
        <source>Seen by</source>
        <translation>由谁识别</translation>
    </message>
    <message>
        <source>The network of the library that sees “{kind}” in this layer&apos;s picture</source>
        <translation>模型库中从此图层画面里识别“{kind}”的网络</translation>
    </message>
    <message>
        <source>Automatic: {name}</source>
        <translation>自动：{name}</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>{name} (cannot be used now)</source>
        <translation>{name}（现在无法使用）</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Close this message</source>
        <translation>关闭这条消息</translation>
    </message>
</context>
<context>
    <name>BrightnessContrastForm</name>
    <message>
        <source>Brightness</source>
        <translation>亮度</translation>
    </message>
    <message>
        <source>Lighter or darker</source>
        <translation>更亮或更暗</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>对比度</translation>
    </message>
    <message>
        <source>Tones further apart or closer together</source>
        <translation>色调拉开或靠近</translation>
    </message>
</context>
<context>
    <name>BrushPanel</name>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Diameter in canvas pixels ([ and ])</source>
        <translation>直径，以画布像素计（[ 与 ]）</translation>
    </message>
    <message>
        <source>Hardness</source>
        <translation>硬度</translation>
    </message>
    <message>
        <source>How sharp the edge is</source>
        <translation>笔刷边缘的锐利程度</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>The most that one stroke covers</source>
        <translation>一笔最多能覆盖多少</translation>
    </message>
    <message>
        <source>Flow</source>
        <translation>流量</translation>
    </message>
    <message>
        <source>How much paint each touch leaves</source>
        <translation>每次落笔留下多少颜料</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>How much a shaky line is steadied</source>
        <translation>把抖动的线条稳住多少</translation>
    </message>
    <message>
        <source>Roundness</source>
        <translation>圆度</translation>
    </message>
    <message>
        <source>Height of the tip as a part of its width</source>
        <translation>笔尖高度占宽度的比例</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>角度</translation>
    </message>
    <message>
        <source>How far the tip is turned</source>
        <translation>笔尖旋转多少</translation>
    </message>
    <message>
        <source>Spacing</source>
        <translation>间距</translation>
    </message>
    <message>
        <source>Distance between touches as a part of the diameter</source>
        <translation>两次落笔之间的距离占直径的比例</translation>
    </message>
    <message>
        <source>Wet edge</source>
        <translation>湿边</translation>
    </message>
    <message>
        <source>How far paint runs to the rim of a soft stroke, as watercolour does</source>
        <translation>颜料向柔和笔画边缘聚集的程度，如同水彩</translation>
    </message>
    <message>
        <source>Hue ±</source>
        <translation>色相 ±</translation>
    </message>
    <message>
        <source>How far the hue of each touch differs by chance</source>
        <translation>每次落笔的色相随机相差多少</translation>
    </message>
    <message>
        <source>Saturation ±</source>
        <translation>饱和度 ±</translation>
    </message>
    <message>
        <source>How far the saturation of each touch differs by chance</source>
        <translation>每次落笔的饱和度随机相差多少</translation>
    </message>
    <message>
        <source>Brightness ±</source>
        <translation>亮度 ±</translation>
    </message>
    <message>
        <source>How far the brightness of each touch differs by chance</source>
        <translation>每次落笔的亮度随机相差多少</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>深度</translation>
    </message>
    <message>
        <source>How deep the paper&apos;s valleys are, which paint does not reach</source>
        <translation>纸面凹处有多深，颜料到不了那里</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>How coarse the paper is</source>
        <translation>纸纹有多粗</translation>
    </message>
    <message>
        <source>Scatter</source>
        <translation>散布</translation>
    </message>
    <message>
        <source>How far touches fall from the line, in parts of the diameter</source>
        <translation>落笔偏离线条多远，以直径的倍数计</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Touches at every step</source>
        <translation>每一步落笔几次</translation>
    </message>
    <message>
        <source>String</source>
        <translation>拉绳</translation>
    </message>
    <message>
        <source>Length of the string on which the pen pulls the brush, in canvas pixels</source>
        <translation>笔拖动笔刷的拉绳长度，以画布像素计</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Direction of the stroke</source>
        <translation>笔画方向</translation>
    </message>
    <message>
        <source>Tilt of the pen</source>
        <translation>笔的倾斜</translation>
    </message>
    <message>
        <source>Rotation of the pen</source>
        <translation>笔的旋转</translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation>光滑</translation>
    </message>
    <message>
        <source>Canvas</source>
        <translation>画布</translation>
    </message>
    <message>
        <source>Speckles</source>
        <translation>斑点</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Steady hand</source>
        <translation>稳手</translation>
    </message>
    <message>
        <source>Pulled string</source>
        <translation>拉绳</translation>
    </message>
    <message>
        <source>Tip</source>
        <translation>笔尖</translation>
    </message>
    <message>
        <source>The shape of one touch</source>
        <translation>单次落笔的形状</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>颜料</translation>
    </message>
    <message>
        <source>How paint meets the layer, and its colour</source>
        <translation>颜料怎样与图层混合，以及它的颜色</translation>
    </message>
    <message>
        <source>Grain</source>
        <translation>纹理</translation>
    </message>
    <message>
        <source>The paper under the paint</source>
        <translation>颜料下面的纸</translation>
    </message>
    <message>
        <source>Where touches fall beside the line</source>
        <translation>落笔偏到线条旁边的位置</translation>
    </message>
    <message>
        <source>Stroke</source>
        <translation>笔画</translation>
    </message>
    <message>
        <source>How the hand is steadied</source>
        <translation>怎样稳住手</translation>
    </message>
    <message>
        <source>Dynamics</source>
        <translation>动态</translation>
    </message>
    <message>
        <source>What pressure, tilt, speed and chance change</source>
        <translation>压感、倾斜、速度和随机会改变什么</translation>
    </message>
    <message>
        <source>Pressure:</source>
        <translation>压感：</translation>
    </message>
    <message>
        <source>What pressing the pen harder changes</source>
        <translation>用力按笔时改变什么</translation>
    </message>
    <message>
        <source>size</source>
        <comment>pressure changes</comment>
        <translation>大小</translation>
    </message>
    <message>
        <source>Pressing harder makes the line wider</source>
        <translation>用力越大，线条越粗</translation>
    </message>
    <message>
        <source>opacity</source>
        <comment>pressure changes</comment>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>Pressing harder makes the line more opaque</source>
        <translation>用力越大，线条越不透明</translation>
    </message>
    <message>
        <source>flow</source>
        <comment>pressure changes</comment>
        <translation>流量</translation>
    </message>
    <message>
        <source>Pressing harder leaves more paint</source>
        <translation>用力越大，颜料越多</translation>
    </message>
    <message>
        <source>Build up within a stroke</source>
        <translation>一笔之内叠加</translation>
    </message>
    <message>
        <source>Passing over the same place again in one stroke adds paint</source>
        <translation>同一笔再次经过同一处时颜料会加深</translation>
    </message>
    <message>
        <source>Make the brush what its preset says</source>
        <translation>让笔刷恢复到预设的样子</translation>
    </message>
    <message>
        <source>A stroke with this brush; click to see the presets</source>
        <translation>用这支笔刷画的一笔；点击查看预设</translation>
    </message>
    <message>
        <source>Turns with</source>
        <translation>旋转随</translation>
    </message>
    <message>
        <source>What turns the tip while you paint</source>
        <translation>绘画时什么会让笔尖旋转</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>How the stroke meets what is on the layer</source>
        <translation>笔画怎样与图层上已有的内容混合</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>纸张</translation>
    </message>
    <message>
        <source>The texture that shows through the paint</source>
        <translation>透过颜料显出的纹理</translation>
    </message>
    <message>
        <source>Stabiliser</source>
        <translation>防抖</translation>
    </message>
    <message>
        <source>Calm the hand&apos;s tremor, or pull the brush on a string</source>
        <translation>减轻手的抖动，或用绳子拉着笔刷走</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>橡皮</translation>
    </message>
    <message>
        <source>Smudge</source>
        <translation>涂抹</translation>
    </message>
    <message>
        <source>Clone</source>
        <translation>仿制</translation>
    </message>
    <message>
        <source>Selection Brush</source>
        <translation>选区笔刷</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>笔刷</translation>
    </message>
    <message>
        <source>{tool}: {preset}, changed</source>
        <translation>{tool}：{preset}，已修改</translation>
    </message>
    <message>
        <source>{tool}: {preset}</source>
        <translation>{tool}：{preset}</translation>
    </message>
    <message>
        <source>Pressure</source>
        <translation>压感</translation>
    </message>
    <message>
        <source>Tilt</source>
        <translation>倾斜</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Stroke length</source>
        <translation>笔画长度</translation>
    </message>
    <message>
        <source>Chance</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>Round</source>
        <translation>圆形</translation>
    </message>
    <message>
        <source>Square</source>
        <translation>方形</translation>
    </message>
    <message>
        <source>Flat</source>
        <translation>扁平</translation>
    </message>
    <message>
        <source>Chalk</source>
        <translation>粉笔</translation>
    </message>
    <message>
        <source>Charcoal</source>
        <translation>炭笔</translation>
    </message>
    <message>
        <source>Bristles</source>
        <translation>鬃毛</translation>
    </message>
    <message>
        <source>Splatter</source>
        <translation>飞溅</translation>
    </message>
    <message>
        <source>Leaf</source>
        <translation>叶子</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>星形</translation>
    </message>
</context>
<context>
    <name>CandidateBar</name>
    <message>
        <source>Previous picture (Left)</source>
        <translation>上一张（←）</translation>
    </message>
    <message>
        <source>Next picture (Right)</source>
        <translation>下一张（→）</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Keep it as a new layer (Enter)</source>
        <translation>保留为新图层（Enter）</translation>
    </message>
    <message>
        <source>Keep it in the layer {name} (Enter)</source>
        <translation>保留到图层“{name}”中（Enter）</translation>
    </message>
    <message>
        <source>Keep it as a new layer (Enter). {reason}</source>
        <translation>保留为新图层（Enter）。{reason}</translation>
    </message>
    <message>
        <source>Drop</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Take it off the canvas; the history keeps it (Esc). Hold Space to see the original</source>
        <translation>从画布上取走；历史中仍会保留（Esc）。按住 Space 查看原图</translation>
    </message>
    <message>
        <source>Another batch with a new seed (R)</source>
        <translation>换新种子再来一批（R）</translation>
    </message>
    <message>
        <source>More to do with these pictures</source>
        <translation>对这些图片的更多操作</translation>
    </message>
    <message>
        <source>Again</source>
        <translation>再来一批</translation>
    </message>
</context>
<context>
    <name>CanvasEvents</name>
    <message>
        <source>There is no picture in what was dropped. Drop the picture itself or an image file.</source>
        <translation>拖放的内容里没有图片。请拖放图片本身或图片文件。</translation>
    </message>
</context>
<context>
    <name>CataloguePage</name>
    <message>
        <source>{0} GB</source>
        <translation>{0} GB</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>No model of the catalogue says this. Search with fewer words.</source>
        <translation>目录中没有符合的模型。请减少搜索词。</translation>
    </message>
    <message>
        <source>Licence: {name}</source>
        <translation>许可证：{name}</translation>
    </message>
    <message>
        <source>needs network</source>
        <translation>需要联网</translation>
    </message>
    <message>
        <source>It is in the model folder.</source>
        <translation>已在模型文件夹中。</translation>
    </message>
    <message>
        <source>Its terms have to be accepted on its page first, with an account there.</source>
        <translation>须先登录账号，在其页面上接受条款。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Model, folder</source>
        <translation>模型（文件夹）</translation>
    </message>
    <message>
        <source>Model, files</source>
        <translation>模型（多个文件）</translation>
    </message>
    <message>
        <source>LoRA</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>ControlNet</source>
        <translation>ControlNet</translation>
    </message>
    <message>
        <source>T2I-Adapter</source>
        <translation>T2I-Adapter</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>参考</translation>
    </message>
    <message>
        <source>VAE</source>
        <translation>VAE</translation>
    </message>
    <message>
        <source>Upscaler</source>
        <translation>放大模型</translation>
    </message>
    <message>
        <source>Captioning model</source>
        <translation>图片描述模型</translation>
    </message>
    <message>
        <source>Sees depth or poses</source>
        <translation>识别深度或姿势</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Words that its name or its description must hold</source>
        <translation>名称或说明中必须包含的词</translation>
    </message>
    <message>
        <source>Only models of this family</source>
        <translation>只显示这一家族的模型</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>家族</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>Graphics memory</source>
        <translation>显存</translation>
    </message>
    <message>
        <source>Roughly, with all of it there; less will do, more slowly</source>
        <translation>全部载入时的大致用量；显存较少也能运行，只是更慢</translation>
    </message>
    <message>
        <source>Install…</source>
        <translation>安装…</translation>
    </message>
    <message>
        <source>Ask the site for its files, and show size and licence; needs network</source>
        <translation>向网站查询文件，并显示大小和许可证；需要联网</translation>
    </message>
    <message>
        <source>All families</source>
        <translation>所有家族</translation>
    </message>
</context>
<context>
    <name>ClipCommands</name>
    <message>
        <source>The clip is being made; the queue (F10) shows how far it is.</source>
        <translation>正在制作短片；进度见队列（F10）。</translation>
    </message>
    <message>
        <source>Cancelled; nothing has changed.</source>
        <translation>已取消；没有任何改动。</translation>
    </message>
    <message>
        <source>Clips need a model that makes them (Wan 2.1, or Wan 2.2 TI2V), and the library has none. Install one from the catalogue, or add a folder that holds one.</source>
        <translation>制作短片需要相应的模型（Wan 2.1 或 Wan 2.2 TI2V），而模型库中没有。请从目录安装一个，或添加含有此类模型的文件夹。</translation>
    </message>
    <message>
        <source>Catalogue…</source>
        <translation>模型目录…</translation>
    </message>
    <message>
        <source>Model Library…</source>
        <translation>模型库…</translation>
    </message>
    <message>
        <source>Written: {0}</source>
        <translation>已写入：{0}</translation>
    </message>
</context>
<context>
    <name>ClipPlayer</name>
    <message>
        <source>{number} / {count} · {seconds} s</source>
        <translation>{number} / {count} · {seconds} 秒</translation>
    </message>
    <message>
        <source>{name} is a layer now.</source>
        <translation>{name} 已成为图层。</translation>
    </message>
    <message>
        <source>{count} frames are layers of a group now; the first is shown.</source>
        <translation>{count} 帧已成为一个组中的图层；显示第一帧。</translation>
    </message>
    <message>
        <source>Save the clip as</source>
        <translation>短片另存为</translation>
    </message>
    <message>
        <source>There is no folder {0}. Choose another place.</source>
        <translation>没有文件夹 {0}。请选择其他位置。</translation>
    </message>
    <message>
        <source>Clip: {name}</source>
        <translation>短片：{name}</translation>
    </message>
    <message>
        <source>One frame back (Left)</source>
        <translation>后退一帧（左方向键）</translation>
    </message>
    <message>
        <source>Play or pause (Space)</source>
        <translation>播放或暂停（空格）</translation>
    </message>
    <message>
        <source>One frame on (Right)</source>
        <translation>前进一帧（右方向键）</translation>
    </message>
    <message>
        <source>Play over and over</source>
        <translation>循环播放</translation>
    </message>
    <message>
        <source>Any frame; Home and End are the first and the last</source>
        <translation>任意一帧；Home 和 End 为首帧和末帧</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>帧</translation>
    </message>
    <message>
        <source> a second</source>
        <translation> 每秒</translation>
    </message>
    <message>
        <source>How fast it plays, and how fast the file will</source>
        <translation>播放速度，也是文件的播放速度</translation>
    </message>
    <message>
        <source>Frame as Layer</source>
        <translation>此帧作为图层</translation>
    </message>
    <message>
        <source>The frame on show as a new layer at its place</source>
        <translation>把显示的这一帧作为新图层放到原位</translation>
    </message>
    <message>
        <source>All Frames as Layers</source>
        <translation>所有帧作为图层</translation>
    </message>
    <message>
        <source>A group with a layer for each frame; the first is shown</source>
        <translation>一个组，每帧一个图层；显示第一帧</translation>
    </message>
    <message>
        <source>MP4 and WebM are small; WebP, GIF and APNG play where pictures are shown</source>
        <translation>MP4 和 WebM 文件小；WebP、GIF 和 APNG 在显示图片的地方就能播放</translation>
    </message>
    <message>
        <source>Save As…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Write the clip into a file; the painting keeps it, too</source>
        <translation>把短片写入文件；画作中也会保留</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Take it back; nothing of it remains</source>
        <translation>撤回；不留下任何内容</translation>
    </message>
</context>
<context>
    <name>ColourPanel</name>
    <message>
        <source>Hue</source>
        <translation>色相</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>饱和度</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>明度</translation>
    </message>
    <message>
        <source>Red</source>
        <translation>红</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>绿</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>蓝</translation>
    </message>
    <message>
        <source>Hue on the ring, saturation and value in the square</source>
        <translation>圆环上是色相，方块里是饱和度和明度</translation>
    </message>
    <message>
        <source>The colour as #rrggbb</source>
        <translation>颜色，写作 #rrggbb</translation>
    </message>
    <message>
        <source>Sliders of hue, saturation and value</source>
        <translation>色相、饱和度和明度滑块</translation>
    </message>
    <message>
        <source>Sliders of red, green and blue</source>
        <translation>红、绿、蓝滑块</translation>
    </message>
    <message>
        <source>Swap the two colours (X)</source>
        <translation>交换两种颜色（X）</translation>
    </message>
    <message>
        <source>The colour now</source>
        <translation>当前颜色</translation>
    </message>
    <message>
        <source>The colour painted with last; click to take it again</source>
        <translation>上次作画用的颜色；点击可再次取用</translation>
    </message>
    <message>
        <source>The colour in reserve; click to swap (X)</source>
        <translation>备用颜色；点击可交换（X）</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>最近使用</translation>
    </message>
    <message>
        <source>Swatches</source>
        <translation>色板</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>What do you want to do?</source>
        <translation>你想做什么？</translation>
    </message>
    <message>
        <source>Type a few letters, choose with the arrow keys, run with Enter</source>
        <translation>输入几个字，用方向键选择，按 Enter 执行</translation>
    </message>
    <message>
        <source>Click to run</source>
        <translation>点击执行</translation>
    </message>
</context>
<context>
    <name>CompareBar</name>
    <message>
        <source>Less gain, or slower (Down)</source>
        <translation>减小增益，或放慢（↓）</translation>
    </message>
    <message>
        <source>More gain, or faster (Up)</source>
        <translation>增大增益，或加快（↑）</translation>
    </message>
    <message>
        <source>Exchange the two sides (X)</source>
        <translation>交换两侧（X）</translation>
    </message>
    <message>
        <source>Previous picture (Left)</source>
        <translation>上一张（←）</translation>
    </message>
    <message>
        <source>Next picture (Right)</source>
        <translation>下一张（→）</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Put this picture on the canvas as a new layer (Enter)</source>
        <translation>把这张图片放到画布上，成为新图层（Enter）</translation>
    </message>
    <message>
        <source>End the comparison (Esc)</source>
        <translation>结束比较（Esc）</translation>
    </message>
</context>
<context>
    <name>ControlCommands</name>
    <message>
        <source>Choose a layer with pixels first: it will be looked at.</source>
        <translation>请先选择一个有像素的图层：要识别的就是它。</translation>
    </message>
    <message>
        <source>{name} sees “{kind}” in the chosen layer.</source>
        <translation>由 {name} 在所选图层中识别“{kind}”。</translation>
    </message>
</context>
<context>
    <name>ControlPanel</name>
    <message>
        <source>Best: {name}</source>
        <translation>最佳：{name}</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>The model itself</source>
        <translation>模型自身</translation>
    </message>
    <message>
        <source>Which model of the library follows it</source>
        <translation>由模型库中的哪个模型来跟随它</translation>
    </message>
    <message>
        <source>Control</source>
        <translation>控制</translation>
    </message>
    <message>
        <source>Whether the control layer acts, or rests for a while</source>
        <translation>控制图层是起作用，还是暂时停用</translation>
    </message>
    <message>
        <source>More about this control layer</source>
        <translation>更多控制图层选项</translation>
    </message>
    <message>
        <source>What is followed of the layer, or whether it is looked at as a reference</source>
        <translation>跟随图层的哪一方面，或把它当作参考</translation>
    </message>
    <message>
        <source>How the layer&apos;s picture becomes what is followed</source>
        <translation>如何由图层的图片得到控制图</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Made from the picture</source>
        <translation>由图片生成</translation>
    </message>
    <message>
        <source>Lines drawn by hand</source>
        <translation>手绘线条</translation>
    </message>
    <message>
        <source>Ready as it is</source>
        <translation>直接使用</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>How strongly it is followed: 100 % as the model was made</source>
        <translation>跟随的程度：100 % 为模型原本的强度</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>Part of the steps after which it begins to act</source>
        <translation>步数进行到多少比例后开始起作用</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Part of the steps after which it acts no more; lower leaves finer things free</source>
        <translation>步数进行到多少比例后不再起作用；越低，细节越自由</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>细节</translation>
    </message>
    <message>
        <source>How faint an edge may be to be followed, or how much detail is left</source>
        <translation>多淡的边缘也要跟随，或保留多少细节</translation>
    </message>
    <message>
        <source>Thickness</source>
        <translation>粗细</translation>
    </message>
    <message>
        <source>How thick scribbled lines are</source>
        <translation>涂鸦线条的粗细</translation>
    </message>
</context>
<context>
    <name>CurveEditor</name>
    <message>
        <source>Remove Point</source>
        <translation>移除控制点</translation>
    </message>
    <message>
        <source>Reset Curve</source>
        <translation>重置曲线</translation>
    </message>
    <message>
        <source>Drag points; click for a new one; drag one out to remove it.
Keys: Page Up and Page Down choose a point, arrows move it, Insert adds, Delete removes, Home resets.</source>
        <translation>拖动控制点；点击可新建；把点拖到外面可移除。
按键：Page Up 和 Page Down 选择控制点，方向键移动，Insert 添加，Delete 移除，Home 重置。</translation>
    </message>
    <message>
        <source>Curve</source>
        <translation>曲线</translation>
    </message>
</context>
<context>
    <name>CurvesForm</name>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Bend red, green and blue together</source>
        <translation>同时弯曲红、绿、蓝</translation>
    </message>
    <message>
        <source>Red</source>
        <translation>红</translation>
    </message>
    <message>
        <source>Bend red only</source>
        <translation>只弯曲红色</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>绿</translation>
    </message>
    <message>
        <source>Bend green only</source>
        <translation>只弯曲绿色</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>蓝</translation>
    </message>
    <message>
        <source>Bend blue only</source>
        <translation>只弯曲蓝色</translation>
    </message>
</context>
<context>
    <name>DescribeCommands</name>
    <message>
        <source>Automatic: {name}</source>
        <translation>自动：{name}</translation>
    </message>
    <message>
        <source>Pictures are described by: {name}</source>
        <translation>描述画面的模型：{name}</translation>
    </message>
    <message>
        <source>{name} found no words for it. Try another model or another style.</source>
        <translation>{name} 没有找到描述它的文字。请换一个模型或换一种写法。</translation>
    </message>
    <message>
        <source>The picture is described in the prompt.</source>
        <translation>图片的描述已写入提示词。</translation>
    </message>
    <message>
        <source>Described in the prompt by {name}; the model that was chosen for it cannot be used now.</source>
        <translation>已由 {name} 描述并写入提示词；原先选定的模型现在无法使用。</translation>
    </message>
    <message>
        <source>Describing pictures needs a captioning model (BLIP, Florence-2 or SmolVLM), and the library has none. Install one from the catalogue, or add a folder that holds one.</source>
        <translation>描述图片需要图片描述模型（BLIP、Florence-2 或 SmolVLM），而模型库中没有。请从目录安装一个，或添加含有它的文件夹。</translation>
    </message>
    <message>
        <source>Catalogue…</source>
        <translation>目录…</translation>
    </message>
    <message>
        <source>Model Library…</source>
        <translation>模型库…</translation>
    </message>
</context>
<context>
    <name>DownloadLabel</name>
    <message>
        <source>{0} MB/s</source>
        <translation>{0} MB/s</translation>
    </message>
    <message>
        <source>{count} downloads; click to see them</source>
        <translation>{count} 个下载；点击查看</translation>
    </message>
</context>
<context>
    <name>DownloadList</name>
    <message>
        <source>Nothing was downloaded yet. Type a repository, a number or an address above, or choose a model in the catalogue.</source>
        <translation>还没有下载过任何内容。请在上方输入仓库、编号或网址，或在目录中选择模型。</translation>
    </message>
</context>
<context>
    <name>DownloadRow</name>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} / {total}</translation>
    </message>
    <message>
        <source>Waits for its turn</source>
        <translation>正在排队</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Cancelled; nothing was kept</source>
        <translation>已取消；没有保留任何内容</translation>
    </message>
    <message>
        <source>In the library</source>
        <translation>已在模型库中</translation>
    </message>
    <message>
        <source>Asks the server</source>
        <translation>正在询问服务器</translation>
    </message>
    <message>
        <source>The connection broke; tries again soon</source>
        <translation>连接中断；稍后重试</translation>
    </message>
    <message>
        <source>Checks what is there</source>
        <translation>正在检查已有内容</translation>
    </message>
    <message>
        <source>{0} MB/s</source>
        <translation>{0} MB/s</translation>
    </message>
    <message>
        <source>{0} s left</source>
        <translation>剩余 {0} 秒</translation>
    </message>
    <message>
        <source>{0} min left</source>
        <translation>剩余 {0} 分钟</translation>
    </message>
    <message>
        <source>{0} h left</source>
        <translation>剩余 {0} 小时</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Go on with it</source>
        <translation>继续下载</translation>
    </message>
    <message>
        <source>Pause; what came stays</source>
        <translation>暂停；已下载的部分会保留</translation>
    </message>
    <message>
        <source>Open the folder it lies in</source>
        <translation>打开所在的文件夹</translation>
    </message>
    <message>
        <source>Enter a key of that site</source>
        <translation>输入该网站的密钥</translation>
    </message>
    <message>
        <source>Cancel, and take away what came</source>
        <translation>取消，并删除已下载的部分</translation>
    </message>
    <message>
        <source>Take it out of this list; the model stays</source>
        <translation>从列表中移除；模型会保留</translation>
    </message>
    <message>
        <source>Take it out of this list, and away what came</source>
        <translation>从列表中移除，并删除已下载的部分</translation>
    </message>
</context>
<context>
    <name>DownloadsDialog</name>
    <message>
        <source>The key is in the system&apos;s keyring.</source>
        <translation>密钥已存入系统密钥环。</translation>
    </message>
    <message>
        <source>Key of {site}…</source>
        <translation>{site} 的密钥…</translation>
    </message>
    <message>
        <source>Make a key at {page} and paste it here. A key that is kept already is replaced.</source>
        <translation>请在 {page} 创建密钥，然后粘贴到这里。已保存的密钥会被替换。</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Folder for downloaded models</source>
        <translation>下载模型的文件夹</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Look Up</source>
        <translation>查询</translation>
    </message>
    <message>
        <source>Models go to {folder}</source>
        <translation>模型存放到 {folder}</translation>
    </message>
    <message>
        <source>Download models</source>
        <translation>下载模型</translation>
    </message>
    <message>
        <source>owner/name, civitai:1234, or an address that begins with https://</source>
        <translation>所有者/名称、civitai:1234，或以 https:// 开头的网址</translation>
    </message>
    <message>
        <source>A repository of Hugging Face, a model of Civitai, or the address of a model file</source>
        <translation>Hugging Face 的仓库、Civitai 的模型，或模型文件的网址</translation>
    </message>
    <message>
        <source>Ask the site what this is: size and licence are shown before anything is fetched</source>
        <translation>向网站查询这是什么：下载之前会先显示大小和许可证</translation>
    </message>
    <message>
        <source>Catalogue</source>
        <translation>目录</translation>
    </message>
    <message>
        <source>Well-known models of every family</source>
        <translation>各家族的知名模型</translation>
    </message>
    <message>
        <source>What is being downloaded, and what was</source>
        <translation>正在下载和下载过的内容</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>更改…</translation>
    </message>
    <message>
        <source>Choose another folder for downloaded models</source>
        <translation>为下载的模型另选文件夹</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Your keys of model sites; they are kept by the system&apos;s keyring only</source>
        <translation>你在模型网站的密钥；只保存在系统密钥环中</translation>
    </message>
    <message>
        <source>Close this window; downloads go on</source>
        <translation>关闭此窗口；下载会继续</translation>
    </message>
</context>
<context>
    <name>DynamicsEditor</name>
    <message>
        <source>What changes the brush while it paints; choose a row to bend its curve</source>
        <translation>绘画时什么会改变笔刷；选中一行可弯曲它的曲线</translation>
    </message>
    <message>
        <source>Dynamics</source>
        <translation>动态</translation>
    </message>
    <message>
        <source>What the new row follows</source>
        <translation>新的一行跟随什么</translation>
    </message>
    <message>
        <source>What the new row changes</source>
        <translation>新的一行改变什么</translation>
    </message>
    <message>
        <source>Add this row</source>
        <translation>添加这一行</translation>
    </message>
    <message>
        <source>Straighten the curve</source>
        <translation>把曲线拉直</translation>
    </message>
</context>
<context>
    <name>EdgeArrow</name>
    <message>
        <source>Let the picture grow to the left (Alt+Left)</source>
        <translation>让画面向左扩展（Alt+Left）</translation>
    </message>
    <message>
        <source>Let the picture grow to the right (Alt+Right)</source>
        <translation>让画面向右扩展（Alt+Right）</translation>
    </message>
    <message>
        <source>Let the picture grow upwards (Alt+Up)</source>
        <translation>让画面向上扩展（Alt+Up）</translation>
    </message>
    <message>
        <source>Let the picture grow downwards (Alt+Down)</source>
        <translation>让画面向下扩展（Alt+Down）</translation>
    </message>
</context>
<context>
    <name>EditCommands</name>
    <message>
        <source>There is nothing on this layer to copy.</source>
        <translation>这一图层上没有可复制的内容。</translation>
    </message>
    <message>
        <source>This is too large for the clipboard; use Export instead.</source>
        <translation>内容太大，剪贴板放不下；请改用导出。</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>剪切</translation>
    </message>
    <message>
        <source>{name} cut</source>
        <translation>{name} 剪切</translation>
    </message>
    <message>
        <source>{name} copy</source>
        <translation>{name} 副本</translation>
    </message>
    <message>
        <source>Layer from cut</source>
        <translation>通过剪切的图层</translation>
    </message>
    <message>
        <source>Layer from copy</source>
        <translation>通过拷贝的图层</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>There is no picture in the clipboard.</source>
        <translation>剪贴板里没有图片。</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
</context>
<context>
    <name>EncoderRow</name>
    <message>
        <source>Sees with</source>
        <translation>视觉网络</translation>
    </message>
    <message>
        <source>The image encoder that {name} sees with, wherever it is used</source>
        <translation>{name} 用来看图的图像编码器，无论在哪里使用</translation>
    </message>
    <message>
        <source>The one that fits</source>
        <translation>自动选择合适的</translation>
    </message>
</context>
<context>
    <name>EnginePage</name>
    <message>
        <source>The engine has not come up yet</source>
        <translation>引擎尚未启动</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>Engine computes on</source>
        <translation>引擎运行于</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>数值格式</translation>
    </message>
    <message>
        <source>Threads on a CPU</source>
        <translation>CPU 线程数</translation>
    </message>
    <message>
        <source>Models in memory</source>
        <translation>模型的内存方式</translation>
    </message>
    <message>
        <source>Memory for other models</source>
        <translation>其他模型可用内存</translation>
    </message>
    <message>
        <source>Models leave after</source>
        <translation>模型空闲多久后卸载</translation>
    </message>
    <message>
        <source>Best there is</source>
        <translation>最好的设备</translation>
    </message>
    <message>
        <source>What fits the device</source>
        <translation>适合设备的格式</translation>
    </message>
    <message>
        <source>The fastest way that fits</source>
        <translation>放得下的最快方式</translation>
    </message>
    <message>
        <source>Where pictures are painted</source>
        <translation>在哪个设备上作画</translation>
    </message>
    <message>
        <source>bf16 and fp16 take half the memory of fp32; the same seed paints a slightly different picture</source>
        <translation>bf16 和 fp16 只占 fp32 一半的内存；同一种子画出的图片会略有不同</translation>
    </message>
    <message>
        <source>What the models&apos; parts do while they are not at work; further down: less memory, more time</source>
        <translation>模型的各部分不工作时如何处理；越往下，内存占用越少，用时越长</translation>
    </message>
    <message>
        <source>Part of the device&apos;s memory that models may fill which were used before</source>
        <translation>之前用过的模型最多可占设备内存的比例</translation>
    </message>
    <message>
        <source> minutes</source>
        <translation> 分钟</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>When nothing was painted for so long, models leave memory until they are wanted</source>
        <translation>这么久没有作画，就把模型从内存中卸载，需要时再载入</translation>
    </message>
    <message>
        <source>Read the chosen model ahead</source>
        <translation>预先读取所选模型</translation>
    </message>
    <message>
        <source>While nothing else waits and memory allows it, so that the first picture begins at once</source>
        <translation>在没有其他任务等待且内存允许时进行，这样第一张图像可以立即开始</translation>
    </message>
    <message>
        <source>Free Memory Now</source>
        <translation>立即释放内存</translation>
    </message>
    <message>
        <source>Take every model out of memory, after the job that runs; the next picture reads its model anew</source>
        <translation>在当前任务结束后把所有模型移出内存；下一张图片会重新读取模型</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>More than the processor has cores make it slower</source>
        <translation>超过处理器的核心数反而会变慢</translation>
    </message>
    <message>
        <source>The engine starts anew by itself with every change, after the jobs that are open.</source>
        <translation>每次更改后，引擎会在未完成的任务结束后自动重新启动。</translation>
    </message>
    <message>
        <source>Everything stays</source>
        <translation>全部留在内存</translation>
    </message>
    <message>
        <source>Text encoders leave</source>
        <translation>卸载文本编码器</translation>
    </message>
    <message>
        <source>One part at a time</source>
        <translation>每次只载入一个部分</translation>
    </message>
    <message>
        <source>One part at a time, in 8 bits</source>
        <translation>每次只载入一个部分，8 位</translation>
    </message>
    <message>
        <source>One block at a time (slow)</source>
        <translation>每次只载入一块（慢）</translation>
    </message>
</context>
<context>
    <name>Errand</name>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
</context>
<context>
    <name>Expander</name>
    <message>
        <source>The stroke is longer than {most} pixels. Draw it in several parts, or lay a route.</source>
        <translation>这一笔长度超过 {most} 像素。请分几笔来画，或画一条路线。</translation>
    </message>
    <message>
        <source>The stroke lies on the picture. Draw it past the edge, over empty canvas.</source>
        <translation>这一笔完全落在画面上。请画到边缘之外的空白画布上。</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Write the file</source>
        <translation>写出文件</translation>
    </message>
    <message>
        <source>All layers, as large as the painting</source>
        <translation>所有图层，与画作同样大小</translation>
    </message>
    <message>
        <source>{number} files</source>
        <translation>{number} 个文件</translation>
    </message>
    <message>
        <source>{width} × {height} pixels</source>
        <translation>{width} × {height} 像素</translation>
    </message>
    <message>
        <source>Nothing is painted there.</source>
        <translation>那里没有画过的内容。</translation>
    </message>
    <message>
        <source>about {size}</source>
        <translation>约 {size}</translation>
    </message>
    <message>
        <source>the first: {size}</source>
        <translation>第一个：{size}</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>导出到</translation>
    </message>
    <message>
        <source>There is no folder {0}. Choose another place.</source>
        <translation>没有文件夹 {0}。请选择别的位置。</translation>
    </message>
    <message>
        <source>{name} is there already. Press Replace to write over it, or choose another name.</source>
        <translation>{name} 已存在。按“替换”可覆盖它，或另选一个名称。</translation>
    </message>
    <message>
        <source>{name} and others are there already. Press Replace to write over them, or choose another name.</source>
        <translation>{name} 等文件已存在。按“替换”可覆盖它们，或另选一个名称。</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>正在停止 …</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>The folder to write into</source>
        <translation>要写入的文件夹</translation>
    </message>
    <message>
        <source>Without suffix; {title}, {date}, {time}, {number} and {layer} are filled in</source>
        <comment>do not translate braces</comment>
        <translation>不含后缀；{title}、{date}、{time}、{number} 和 {layer} 会自动替换为相应内容</translation>
    </message>
</context>
<context>
    <name>ExportForm</name>
    <message>
        <source>Paper (no transparency here)</source>
        <translation>纸张（此格式不支持透明）</translation>
    </message>
    <message>
        <source>Transparent</source>
        <translation>透明</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>Background</source>
        <translation>背景</translation>
    </message>
    <message>
        <source>Print resolution</source>
        <translation>打印分辨率</translation>
    </message>
    <message>
        <source>The frame</source>
        <translation>画框</translation>
    </message>
    <message>
        <source>The selection&apos;s rectangle</source>
        <translation>选区所在的矩形</translation>
    </message>
    <message>
        <source>The selection&apos;s shape</source>
        <translation>选区的形状</translation>
    </message>
    <message>
        <source>Everything painted</source>
        <translation>画过的全部内容</translation>
    </message>
    <message>
        <source>What the window shows</source>
        <translation>窗口中显示的部分</translation>
    </message>
    <message>
        <source>Each layer, as a file of its own</source>
        <translation>每个图层各存一个文件</translation>
    </message>
    <message>
        <source>Each layer and each whole group, as files</source>
        <translation>每个图层和每个完整图层组各存一个文件</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>纸张</translation>
    </message>
    <message>
        <source>White</source>
        <translation>白</translation>
    </message>
    <message>
        <source>Black</source>
        <translation>黑</translation>
    </message>
    <message>
        <source>A colour</source>
        <translation>自选颜色</translation>
    </message>
    <message>
        <source>Percent</source>
        <translation>百分比</translation>
    </message>
    <message>
        <source>Longest side</source>
        <translation>最长边</translation>
    </message>
    <message>
        <source>Cut each to what is painted on it</source>
        <translation>各自裁剪到画过的内容</translation>
    </message>
    <message>
        <source>Lossless</source>
        <translation>无损</translation>
    </message>
    <message>
        <source>Not set</source>
        <translation>未设置</translation>
    </message>
    <message>
        <source>Write how it was made into the file</source>
        <translation>把生成信息写入文件</translation>
    </message>
    <message>
        <source>Which part of the canvas is written</source>
        <translation>写出画布的哪一部分</translation>
    </message>
    <message>
        <source>Without it all files have the size of everything painted, so that they lie on each other</source>
        <translation>不勾选则所有文件都与画过的全部内容同样大小，叠放时可以对齐</translation>
    </message>
    <message>
        <source>How large the picture in the file is</source>
        <translation>文件中图片的大小</translation>
    </message>
    <message>
        <source>OpenRaster and Photoshop keep the layers; the others are flat</source>
        <translation>OpenRaster 和 Photoshop 格式保留图层，其他格式会拼合图像</translation>
    </message>
    <message>
        <source>Larger is better and bigger</source>
        <translation>数值越大，画质越好，文件也越大</translation>
    </message>
    <message>
        <source>Every pixel stays as it is</source>
        <translation>每个像素都保持原样</translation>
    </message>
    <message>
        <source>What lies behind what is transparent</source>
        <translation>透明部分后面显示什么</translation>
    </message>
    <message>
        <source>Choose the background&apos;s colour</source>
        <translation>选择背景颜色</translation>
    </message>
    <message>
        <source>Pixels per inch, noted for printing; the pixels stay the same</source>
        <translation>每英寸像素数，仅供打印时参考；像素本身不变</translation>
    </message>
    <message>
        <source>Prompts and settings of the generations in the picture, and the mark that it was made with AI. Without it the file says nothing of that.</source>
        <translation>图片中各次生成的提示词和设置，以及由 AI 制作的标记。不勾选则文件中不含这些信息。</translation>
    </message>
</context>
<context>
    <name>ExportRun</name>
    <message>
        <source>Exporting {name} …</source>
        <translation>正在导出 {name} …</translation>
    </message>
</context>
<context>
    <name>FileCommands</name>
    <message>
        <source>Painting a scroll …</source>
        <translation>正在绘制长卷 …</translation>
    </message>
    <message>
        <source>Paintings and pictures</source>
        <translation>画作与图片</translation>
    </message>
    <message>
        <source>Paintings</source>
        <translation>画作</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Import pictures</source>
        <translation>导入图片</translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation>已保存：{0}</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>另存为</translation>
    </message>
    <message>
        <source>Exported: {0}</source>
        <translation>已导出：{0}</translation>
    </message>
    <message>
        <source>Exported {0} files to {1}</source>
        <translation>已将 {0} 个文件导出到 {1}</translation>
    </message>
    <message>
        <source>Written: {0}</source>
        <translation>已写出：{0}</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>还没有</translation>
    </message>
</context>
<context>
    <name>FoldersPage</name>
    <message>
        <source>Folder with models</source>
        <translation>存放模型的文件夹</translation>
    </message>
    <message>
        <source>Models stay where they are: folders of Stable Diffusion WebUI, Forge, ComfyUI, InvokeAI, of the Hugging Face cache, or any other. Only headers are read; nothing is copied or changed. What changes on the disk appears by itself.</source>
        <translation>模型留在原处：可以是 Stable Diffusion WebUI、Forge、ComfyUI、InvokeAI 的文件夹，Hugging Face 缓存，或任何其他文件夹。只读取文件头，不复制也不改动任何文件。磁盘上的变化会自动显示。</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Recognised as</source>
        <translation>识别为</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Folders that are looked through, with everything in them</source>
        <translation>会连同子文件夹一起查找</translation>
    </message>
    <message>
        <source>Add Folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Add a folder with models; dropping one on this window does the same</source>
        <translation>添加存放模型的文件夹；也可以把它拖到这个窗口</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Take the chosen folder out of this list; no file is deleted</source>
        <translation>把选中的文件夹移出列表，不会删除任何文件</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Show the chosen folder</source>
        <translation>显示选中的文件夹</translation>
    </message>
    <message>
        <source>Look Again</source>
        <translation>重新查找</translation>
    </message>
    <message>
        <source>Look through all folders again</source>
        <translation>重新查找所有文件夹</translation>
    </message>
</context>
<context>
    <name>GenerationController</name>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>Kept as a new layer. {reason}</source>
        <translation>已保留为新图层。{reason}</translation>
    </message>
    <message>
        <source>This generation made no picture: {0}</source>
        <translation>这次生成没有得到图片：{0}</translation>
    </message>
</context>
<context>
    <name>HistoryDetails</name>
    <message>
        <source>Frame</source>
        <translation>帧</translation>
    </message>
    <message>
        <source>Grown from</source>
        <translation>源自</translation>
    </message>
    <message>
        <source>Became</source>
        <translation>衍生出</translation>
    </message>
    <message>
        <source>Details of the generation</source>
        <translation>生成详情</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>What you want to remember; Enter keeps it, Esc brings the old text back</source>
        <translation>想记住的内容；Enter 保存，Esc 恢复原来的文字</translation>
    </message>
    <message>
        <source>Which picture of the batch, or which frame of the clip</source>
        <translation>批次中的哪一张，或短片的哪一帧</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
</context>
<context>
    <name>HistoryFilters</name>
    <message>
        <source>All models</source>
        <translation>所有模型</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Search: words, model, seed, date, note</source>
        <translation>搜索：文字、模型、种子、日期、备注</translation>
    </message>
    <message>
        <source>Shows only the generations in which every word occurs; &quot;several words&quot; must stand in a row</source>
        <translation>只显示包含所有词语的生成；用英文引号括起的 &quot;多个词&quot; 须连续出现</translation>
    </message>
    <message>
        <source>Filters: kept, starred, failed, this place, model, date</source>
        <translation>筛选：已保留、已加星标、失败、此处、模型、日期</translation>
    </message>
    <message>
        <source>Search the history</source>
        <translation>搜索历史</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>已保留</translation>
    </message>
    <message>
        <source>Only those of which a picture became a layer</source>
        <translation>只显示有图片成为图层的生成</translation>
    </message>
    <message>
        <source>Starred</source>
        <translation>已加星标</translation>
    </message>
    <message>
        <source>Only those with a star</source>
        <translation>只显示加了星标的生成</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Only those that ended with an error</source>
        <translation>只显示因出错而结束的生成</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>已删除</translation>
    </message>
    <message>
        <source>What was deleted; nothing is lost, and all can be brought back</source>
        <translation>删除的内容；什么都没有丢失，全部可以找回</translation>
    </message>
    <message>
        <source>This place</source>
        <translation>此处</translation>
    </message>
    <message>
        <source>Only those that overlap the selection, else the frame, else what the window shows</source>
        <translation>只显示与选区重叠的生成；没有选区则以画框为准，再没有则以窗口中显示的部分为准</translation>
    </message>
    <message>
        <source>Only those that one model made</source>
        <translation>只显示某个模型的生成</translation>
    </message>
    <message>
        <source>Only those of some days</source>
        <translation>只显示某些日子的生成</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>任何时间</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
</context>
<context>
    <name>HistoryFoot</name>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Reuse</source>
        <translation>沿用</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Show everything known of it, and the note</source>
        <translation>显示它的全部信息和备注</translation>
    </message>
    <message>
        <source>Everything that can be done with it</source>
        <translation>可对它执行的所有操作</translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message>
        <source>The search was broken off.</source>
        <translation>搜索已中断。</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>Nothing was found.</source>
        <translation>没有找到。</translation>
    </message>
    <message>
        <source>What you generate appears here.</source>
        <translation>生成的图像会出现在这里。</translation>
    </message>
    <message>
        <source>{found} found of {all}</source>
        <translation>找到 {found} 次，共 {all} 次</translation>
    </message>
    <message>
        <source>{all} generations</source>
        <translation>{all} 次生成</translation>
    </message>
    <message>
        <source>Generations</source>
        <translation>生成记录</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>at {x}, {y} · {count}</source>
        <translation>位于 {x}, {y} · {count} 次</translation>
    </message>
    <message>
        <source>Upscale</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Animate</source>
        <translation>制作短片</translation>
    </message>
    <message>
        <source>failed: {0}</source>
        <translation>失败：{0}</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>As typed</source>
        <translation>输入原文</translation>
    </message>
    <message>
        <source>Regions</source>
        <translation>提示区域</translation>
    </message>
    <message>
        <source>Negative</source>
        <translation>反向提示词</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>LoRAs</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>Control layers</source>
        <translation>控制图层</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>调度器</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>引导</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Variation</source>
        <translation>变体</translation>
    </message>
    <message>
        <source>Enlarged</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>张数</translation>
    </message>
    <message>
        <source>Clip</source>
        <translation>短片</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>蒙版</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Memory used</source>
        <translation>已用内存</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>生成于</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>grown {grow} px, feathered {feather} px, filled: {fill}</source>
        <translation>外扩 {grow} 像素，羽化 {feather} 像素，填充：{fill}</translation>
    </message>
    <message>
        <source>{frames} frames, {fps} a second, {seconds} s</source>
        <translation>{frames} 帧，每秒 {fps} 帧，{seconds} 秒</translation>
    </message>
    <message>
        <source>{used} GB, {expected} GB expected</source>
        <translation>{used} GB，预计 {expected} GB</translation>
    </message>
    <message>
        <source>{percent} % towards seed {seed}</source>
        <translation>向种子 {seed} 偏移 {percent} %</translation>
    </message>
    <message>
        <source>seen by {name}</source>
        <translation>由 {name} 识别</translation>
    </message>
</context>
<context>
    <name>HistoryScrub</name>
    <message>
        <source>Looking …</source>
        <translation>正在查找 …</translation>
    </message>
    <message>
        <source>The search was broken off.</source>
        <translation>搜索已中断。</translation>
    </message>
    <message>
        <source>Nothing was generated in this place yet.</source>
        <translation>此处还没有生成过内容。</translation>
    </message>
    <message>
        <source>Back and forth in time; Enter applies what is shown, Esc ends</source>
        <translation>沿时间前后浏览；Enter 应用显示的图片，Esc 结束</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Put what is shown on the canvas as a new layer (Enter)</source>
        <translation>把显示的图片放到画布上，成为新图层（Enter）</translation>
    </message>
    <message>
        <source>Leave the place as it is (Esc)</source>
        <translation>此处保持原样（Esc）</translation>
    </message>
</context>
<context>
    <name>HistorySwitches</name>
    <message>
        <source>{chosen} of {found}</source>
        <translation>已选 {chosen}/{found}</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Newest first, day by day</source>
        <translation>最新的在前，按天排列</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>What was made in the same place stands together</source>
        <translation>在同一位置生成的排在一起</translation>
    </message>
    <message>
        <source>Tree</source>
        <translation>树状</translation>
    </message>
    <message>
        <source>Each generation under the one it grew from</source>
        <translation>每次生成都排在它所源自的生成之下</translation>
    </message>
    <message>
        <source>Large pictures instead of words</source>
        <translation>以大图代替文字</translation>
    </message>
</context>
<context>
    <name>HueSaturationForm</name>
    <message>
        <source>Hue</source>
        <translation>色相</translation>
    </message>
    <message>
        <source>Turns every hue by this angle; colorizing, the hue that all get</source>
        <translation>把所有色相转过这个角度；着色时则是统一使用的色相</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>饱和度</translation>
    </message>
    <message>
        <source>Stronger or weaker colours; -100 % is grey</source>
        <translation>颜色更浓或更淡；-100 % 为灰色</translation>
    </message>
    <message>
        <source>Lightness</source>
        <translation>明度</translation>
    </message>
    <message>
        <source>Towards black or white</source>
        <translation>趋向黑或白</translation>
    </message>
    <message>
        <source>What red becomes</source>
        <translation>红色会变成什么</translation>
    </message>
    <message>
        <source>Colorize</source>
        <translation>着色</translation>
    </message>
    <message>
        <source>Give everything one hue</source>
        <translation>让全部内容变为同一色相</translation>
    </message>
</context>
<context>
    <name>Importer</name>
    <message>
        <source>Pasted picture</source>
        <translation>粘贴的图片</translation>
    </message>
    <message>
        <source>Importing pictures …</source>
        <translation>正在导入图片 …</translation>
    </message>
    <message>
        <source>Importing {number} of {all}: {name}</source>
        <translation>正在导入第 {number} 张，共 {all} 张：{name}</translation>
    </message>
    <message>
        <source>{number} more files could not be read.</source>
        <translation>另有 {number} 个文件无法读取。</translation>
    </message>
    <message>
        <source>Import pictures</source>
        <translation>导入图片</translation>
    </message>
    <message>
        <source>Only the first picture of the file was read.</source>
        <translation>只读取了文件中的第一张图片。</translation>
    </message>
    <message>
        <source>16 or 32 bits per channel were rounded to 8.</source>
        <translation>每通道 16 或 32 位已转为 8 位。</translation>
    </message>
    <message>
        <source>The colours were converted to sRGB.</source>
        <translation>颜色已转换为 sRGB。</translation>
    </message>
    <message>
        <source>Printing colours (CMYK) were converted without a profile; they may differ.</source>
        <translation>印刷色（CMYK）在没有配置文件的情况下转换，颜色可能有偏差。</translation>
    </message>
    <message>
        <source>The colour profile could not be used; colours may look different.</source>
        <translation>无法使用颜色配置文件；颜色看起来可能不同。</translation>
    </message>
    <message>
        <source>Only the first picture was read of {number} files.</source>
        <translation>有 {number} 个文件只读取了第一张图片。</translation>
    </message>
    <message>
        <source>16 or 32 bits per channel were rounded to 8 in {number} pictures.</source>
        <translation>{number} 张图片的每通道 16 或 32 位已转为 8 位。</translation>
    </message>
    <message>
        <source>The colours of {number} pictures were converted to sRGB.</source>
        <translation>{number} 张图片的颜色已转换为 sRGB。</translation>
    </message>
    <message>
        <source>Printing colours (CMYK) of {number} pictures had no profile.</source>
        <translation>{number} 张图片的印刷色（CMYK）没有配置文件。</translation>
    </message>
    <message>
        <source>The colour profile of {number} pictures could not be used.</source>
        <translation>{number} 张图片的颜色配置文件无法使用。</translation>
    </message>
</context>
<context>
    <name>InlinePrompt</name>
    <message>
        <source>{what} (Enter)</source>
        <translation>{what}（Enter）</translation>
    </message>
    <message>
        <source>What should be here? Enter paints it</source>
        <translation>这里该画什么？按 Enter 开始</translation>
    </message>
    <message>
        <source>The prompt for the selection. Empty is fine. Enter paints, Esc goes back</source>
        <translation>选区的提示词，可以留空。Enter 开始绘制，Esc 返回</translation>
    </message>
    <message>
        <source>Do something else with the selection</source>
        <translation>对选区执行其他操作</translation>
    </message>
</context>
<context>
    <name>LayerControls</name>
    <message>
        <source>Blend mode: how the chosen layers mix with what is below (wheel and arrows step)</source>
        <translation>混合模式：所选图层怎样与下方内容混合（滚轮和方向键可逐个切换）</translation>
    </message>
    <message>
        <source>Opacity of the chosen layers</source>
        <translation>所选图层的不透明度</translation>
    </message>
    <message>
        <source>Opacity of the chosen layers in percent</source>
        <translation>所选图层的不透明度，以百分比计</translation>
    </message>
</context>
<context>
    <name>LayerEdits</name>
    <message>
        <source>Levels</source>
        <translation>色阶</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>Hue and saturation</source>
        <translation>色相/饱和度</translation>
    </message>
    <message>
        <source>Brightness and contrast</source>
        <translation>亮度/对比度</translation>
    </message>
    <message>
        <source>Layer {number}</source>
        <translation>图层 {number}</translation>
    </message>
    <message>
        <source>Group {number}</source>
        <translation>图层组 {number}</translation>
    </message>
    <message>
        <source>{name} copy</source>
        <translation>{name} 副本</translation>
    </message>
</context>
<context>
    <name>LayerMerging</name>
    <message>
        <source>Merging layers…</source>
        <translation>正在合并图层…</translation>
    </message>
    <message>
        <source>No layer is shown. Show a layer first, then merge.</source>
        <translation>没有显示的图层。请先显示一个图层，再合并。</translation>
    </message>
    <message>
        <source>Merging what is visible…</source>
        <translation>正在合并可见图层…</translation>
    </message>
    <message>
        <source>No layer is shown: flattening would leave nothing. Show one first.</source>
        <translation>没有显示的图层：拼合后将什么也不剩。请先显示一个。</translation>
    </message>
    <message>
        <source>Flattening…</source>
        <translation>正在拼合…</translation>
    </message>
    <message>
        <source>No layer is shown, so there is nothing to copy. Show one first.</source>
        <translation>没有显示的图层，因此没有可复制的内容。请先显示一个。</translation>
    </message>
    <message>
        <source>What was visible</source>
        <translation>可见内容</translation>
    </message>
    <message>
        <source>Gathering what is visible…</source>
        <translation>正在汇集可见内容…</translation>
    </message>
    <message>
        <source>The layer “{name}” is locked. Unlock it in the layers panel, then merge.</source>
        <translation>图层“{name}”已锁定。请在图层面板中解锁，再合并。</translation>
    </message>
    <message>
        <source>The layer “{name}” is hidden: merging would lose its pixels. Show it or delete it first.</source>
        <translation>图层“{name}”已隐藏：合并会丢失它的像素。请先显示或删除它。</translation>
    </message>
    <message>
        <source>Layers are being merged already. Wait, or stop that with Esc.</source>
        <translation>图层正在合并中。请稍候，或按 Esc 停止。</translation>
    </message>
    <message>
        <source>The painting changed while its layers were merged. Merge again.</source>
        <translation>合并图层时画作有了改动。请重新合并。</translation>
    </message>
</context>
<context>
    <name>LayeredFiles</name>
    <message>
        <source>({count} more of this kind.)</source>
        <translation>（另有 {count} 条类似提示。）</translation>
    </message>
    <message>
        <source>Opening {name} …</source>
        <translation>正在打开 {name} …</translation>
    </message>
</context>
<context>
    <name>LayersPanel</name>
    <message>
        <source>Layer {number}</source>
        <translation>图层 {number}</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Add an adjustment: levels, curves, hue and saturation, brightness and contrast</source>
        <translation>添加调整：色阶、曲线、色相/饱和度、亮度/对比度</translation>
    </message>
    <message>
        <source>Click: hide or show. Drag: several. Alt+click: only this one</source>
        <translation>点击：隐藏或显示。拖动：一次多个。Alt+点击：只显示这一个</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>A control layer: generation follows it, or looks at it</source>
        <translation>控制图层：生成时跟随它，或参考它</translation>
    </message>
    <message>
        <source>Double-click the icon to change the adjustment</source>
        <translation>双击图标可修改调整</translation>
    </message>
    <message>
        <source>Click the mask to paint on it, Shift+click to switch it off and on</source>
        <translation>点击蒙版可在上面绘画，Shift+点击可停用或启用它</translation>
    </message>
    <message>
        <source>Double-click the name to rename, drag to reorder, Ctrl or Shift+click for several</source>
        <translation>双击名称可重命名，拖动可调整顺序，Ctrl 或 Shift+点击可多选</translation>
    </message>
</context>
<context>
    <name>LevelsField</name>
    <message>
        <source>Drag black, middle and white under the tones; below, what black and white become.
Keys: Page Up and Page Down choose a handle, arrows move it.</source>
        <translation>在色调图下方拖动黑、中、白滑块；再下方是黑与白会变成什么。
按键：Page Up 和 Page Down 选择滑块，方向键移动。</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>色阶</translation>
    </message>
</context>
<context>
    <name>LevelsForm</name>
    <message>
        <source>Black</source>
        <translation>黑</translation>
    </message>
    <message>
        <source>Everything darker becomes black</source>
        <translation>比这更暗的都变成黑色</translation>
    </message>
    <message>
        <source>Middle</source>
        <translation>中间</translation>
    </message>
    <message>
        <source>Above 1 lightens the middle tones, below 1 darkens them</source>
        <translation>大于 1 提亮中间调，小于 1 压暗中间调</translation>
    </message>
    <message>
        <source>White</source>
        <translation>白</translation>
    </message>
    <message>
        <source>Everything lighter becomes white</source>
        <translation>比这更亮的都变成白色</translation>
    </message>
    <message>
        <source>Darkest</source>
        <translation>最暗</translation>
    </message>
    <message>
        <source>What black becomes</source>
        <translation>黑色会变成什么</translation>
    </message>
    <message>
        <source>Lightest</source>
        <translation>最亮</translation>
    </message>
    <message>
        <source>What white becomes</source>
        <translation>白色会变成什么</translation>
    </message>
</context>
<context>
    <name>LibraryCommands</name>
    <message>
        <source>{count} models are in the library.</source>
        <translation>模型库中有 {count} 个模型。</translation>
    </message>
    <message>
        <source>Add to the Prompt</source>
        <translation>加入提示词</translation>
    </message>
    <message>
        <source>Use as VAE</source>
        <translation>用作 VAE</translation>
    </message>
    <message>
        <source>Upscale…</source>
        <translation>放大…</translation>
    </message>
    <message>
        <source>Describe With It</source>
        <translation>用它描述图片</translation>
    </message>
    <message>
        <source>Paint With It</source>
        <translation>用它作画</translation>
    </message>
    <message>
        <source>The layers that are chosen guide the picture with it</source>
        <translation>由所选图层用它引导画面</translation>
    </message>
    <message>
        <source>Guide With the Layer</source>
        <translation>用图层引导</translation>
    </message>
    <message>
        <source>It sees what is followed of the layers that are chosen</source>
        <translation>由它识别所选图层中要遵循的内容</translation>
    </message>
    <message>
        <source>Look With It</source>
        <translation>用它识别</translation>
    </message>
    <message>
        <source>Models that need it find it by themselves</source>
        <translation>需要它的模型会自动找到它</translation>
    </message>
    <message>
        <source>Part of Others</source>
        <translation>配套部件</translation>
    </message>
    <message>
        <source>Animate With It…</source>
        <translation>用它制作短片…</translation>
    </message>
    <message>
        <source>It is chosen in the prompt panel</source>
        <translation>已在提示词面板中选用</translation>
    </message>
    <message>
        <source>In Use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>A double click or Enter does the same</source>
        <translation>双击或按 Enter 效果相同</translation>
    </message>
    <message>
        <source>{name} makes clips.</source>
        <translation>{name} 用于制作短片。</translation>
    </message>
    <message>
        <source>{name} paints from now on.</source>
        <translation>从现在起用 {name} 作画。</translation>
    </message>
    <message>
        <source>{name} describes pictures from now on (Ctrl+Alt+C).</source>
        <translation>从现在起由 {name} 描述图片（Ctrl+Alt+C）。</translation>
    </message>
    <message>
        <source>{name} is in the list under the prompt.</source>
        <translation>{name} 已加入提示词下方的列表。</translation>
    </message>
    <message>
        <source>{name} is in the prompt.</source>
        <translation>{name} 已加入提示词。</translation>
    </message>
    <message>
        <source>{name} turns numbers into pictures now.</source>
        <translation>现在由 {name} 把数值解码为图片。</translation>
    </message>
    <message>
        <source>The chosen layer guides the picture with {name}.</source>
        <translation>所选图层现在用 {name} 引导画面。</translation>
    </message>
    <message>
        <source>Choose a layer with pixels first: it will guide the picture.</source>
        <translation>请先选择一个有像素的图层：它将引导画面。</translation>
    </message>
    <message>
        <source>{name} is made for {family}; the chosen model is {other}. Choose a {family} model first.</source>
        <translation>{name} 适用于 {family}；当前模型是 {other}。请先选择 {family} 模型。</translation>
    </message>
    <message>
        <source>Model files</source>
        <translation>模型文件</translation>
    </message>
    <message>
        <source>{name} is not a model that Handscroll knows.</source>
        <translation>{name} 不是 Handscroll 认识的模型。</translation>
    </message>
    <message>
        <source>Show in Library</source>
        <translation>在模型库中显示</translation>
    </message>
    <message>
        <source>Add All of {folder}</source>
        <translation>添加整个 {folder}</translation>
    </message>
    <message>
        <source>{folder} ({layout}) holds {count} models. They stay where they are.</source>
        <translation>{folder}（{layout}）中有 {count} 个模型。文件留在原处。</translation>
    </message>
    <message>
        <source>Add to the Library</source>
        <translation>添加到模型库</translation>
    </message>
    <message>
        <source>Not Now</source>
        <translation>以后再说</translation>
    </message>
</context>
<context>
    <name>LiveBar</name>
    <message>
        <source>The picture on show came {0} s after the stroke</source>
        <translation>当前显示的画面在落笔 {0} 秒后生成</translation>
    </message>
    <message>
        <source>{0} / s</source>
        <translation>{0} 张/秒</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>Begins</source>
        <translation>启动中</translation>
    </message>
    <message>
        <source>Other noise: another picture of the same strokes (now {0})</source>
        <translation>换一种噪声：同样的笔触得到另一幅画面（当前 {0}）</translation>
    </message>
    <message>
        <source>Waits</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Engine restarts</source>
        <translation>引擎重启中</translation>
    </message>
    <message>
        <source>Elsewhere</source>
        <translation>在别处</translation>
    </message>
    <message>
        <source>Live painting: the picture is up to date</source>
        <translation>实时绘画：画面已是最新</translation>
    </message>
    <message>
        <source>Live painting: the next picture is on its way</source>
        <translation>实时绘画：正在生成下一张画面</translation>
    </message>
    <message>
        <source>Live painting waits: what you asked for is painted first</source>
        <translation>实时绘画等待中：先绘制你要求的内容</translation>
    </message>
    <message>
        <source>Live painting waits: the engine is on its way back</source>
        <translation>实时绘画等待中：引擎正在恢复</translation>
    </message>
    <message>
        <source>Live painting rests here while you work in another window</source>
        <translation>你在另一个窗口工作时，这里的实时绘画会暂停</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>How far live pictures may go from what is painted</source>
        <translation>实时画面可以偏离已有画面多远</translation>
    </message>
    <message>
        <source>Live pictures a second</source>
        <translation>每秒的实时画面数</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Over</source>
        <translation>叠加</translation>
    </message>
    <message>
        <source>Show it on the frame, under your newest strokes</source>
        <translation>显示在画框上，位于你最新的笔触之下</translation>
    </message>
    <message>
        <source>Beside</source>
        <translation>并排</translation>
    </message>
    <message>
        <source>Show it next to the frame</source>
        <translation>显示在画框旁边</translation>
    </message>
    <message>
        <source>Opacity of the live picture over the frame</source>
        <translation>画框上实时画面的不透明度</translation>
    </message>
    <message>
        <source>Hide it, so that you see what is painted (hold ` over the canvas)</source>
        <translation>隐藏实时画面，以便看到自己画的内容（在画布上按住 `）</translation>
    </message>
    <message>
        <source>Steps and scheduler</source>
        <translation>步数和调度器</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>调度器</translation>
    </message>
    <message>
        <source>Fitting</source>
        <translation>自动匹配</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Make a new layer of exactly this picture (Ctrl+Alt+Space)</source>
        <translation>把眼前这张画面原样保留为新图层（Ctrl+Alt+Space）</translation>
    </message>
    <message>
        <source>End live painting (Ctrl+Shift+Space)</source>
        <translation>结束实时绘画（Ctrl+Shift+Space）</translation>
    </message>
</context>
<context>
    <name>LivePainting</name>
    <message>
        <source>Live: {0}</source>
        <translation>实时：{0}</translation>
    </message>
    <message>
        <source>Live painting stopped: {0}</source>
        <translation>实时绘画已停止：{0}</translation>
    </message>
</context>
<context>
    <name>LogCommands</name>
    <message>
        <source>This generation belongs to another painting. Drop it there.</source>
        <translation>这次生成属于另一幅画。请拖放到那幅画里。</translation>
    </message>
    <message>
        <source>Prompt copied.</source>
        <translation>已复制提示词。</translation>
    </message>
    <message>
        <source>Seed {seed} copied.</source>
        <translation>已复制种子 {seed}。</translation>
    </message>
    <message>
        <source>All parameters copied.</source>
        <translation>已复制全部参数。</translation>
    </message>
    <message>
        <source>Deleted. Ctrl+Z brings it back.</source>
        <translation>已删除。按 Ctrl+Z 可以找回。</translation>
    </message>
    <message>
        <source>{count} deleted. Ctrl+Z brings them back.</source>
        <translation>已删除 {count} 项。按 Ctrl+Z 可以找回。</translation>
    </message>
</context>
<context>
    <name>LoraList</name>
    <message>
        <source>No other LoRA of the library suits this model</source>
        <translation>模型库中没有其他适合这个模型的 LoRA</translation>
    </message>
    <message>
        <source>Its file names no words</source>
        <translation>文件中没有列出触发词</translation>
    </message>
</context>
<context>
    <name>LoraRow</name>
    <message>
        <source>Made for {own}: left out with the chosen model</source>
        <translation>适用于 {own}：使用当前模型时会略过</translation>
    </message>
    <message>
        <source>How strongly the LoRA acts: 1 as it was made, 0 not at all</source>
        <translation>LoRA 的作用强度：1 为原本强度，0 为不起作用</translation>
    </message>
    <message>
        <source>Words that wake this LoRA; a click puts one into the prompt</source>
        <translation>触发这个 LoRA 的词；点击即可加入提示词</translation>
    </message>
    <message>
        <source>Take this LoRA off</source>
        <translation>移除这个 LoRA</translation>
    </message>
</context>
<context>
    <name>MachineWords</name>
    <message>
        <source>Computes in {dtype}</source>
        <translation>以 {dtype} 运算</translation>
    </message>
    <message>
        <source>{whole} GB of memory, {free} GB free when it started</source>
        <translation>内存 {whole} GB，启动时可用 {free} GB</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Open Recent</source>
        <translation>最近打开</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
</context>
<context>
    <name>ModelCommands</name>
    <message>
        <source>No model was in the engine&apos;s memory.</source>
        <translation>引擎的内存中没有模型。</translation>
    </message>
    <message>
        <source>{size} are free again. Models that left the engine&apos;s memory: {count}</source>
        <translation>{size} 已可用。已移出引擎内存的模型：{count} 个</translation>
    </message>
    <message>
        <source>There are no paused downloads.</source>
        <translation>没有已暂停的下载。</translation>
    </message>
    <message>
        <source>The keys of model sites are forgotten.</source>
        <translation>已清除模型网站的密钥。</translation>
    </message>
    <message>
        <source>{title} is in the library.</source>
        <translation>{title} 已在模型库中。</translation>
    </message>
</context>
<context>
    <name>ModelFilters</name>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>家族</translation>
    </message>
    <message>
        <source>Cannot be used</source>
        <translation>无法使用</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Search models</source>
        <translation>搜索模型</translation>
    </message>
    <message>
        <source>Name, family, kind, tag or trigger word; several words must all be there</source>
        <translation>名称、家族、种类、标签或触发词；多个词须全部符合</translation>
    </message>
    <message>
        <source>Tick what should be shown; nothing ticked shows everything</source>
        <translation>勾选要显示的内容；不勾选则全部显示</translation>
    </message>
    <message>
        <source>Show All</source>
        <translation>全部显示</translation>
    </message>
    <message>
        <source>Take all ticks and the search away</source>
        <translation>清除所有勾选和搜索词</translation>
    </message>
</context>
<context>
    <name>ModelHead</name>
    <message>
        <source>The file does not tell what it is for: {family} is what the notes beside it say. Correct it by “This is…” if that is wrong.</source>
        <translation>文件没有说明它的用途：{family} 是旁边的说明所写的。如果不对，请用“指定类型…”更正。</translation>
    </message>
    <message>
        <source>Open Folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Show the folder it lies in</source>
        <translation>显示所在的文件夹</translation>
    </message>
    <message>
        <source>Copy Path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Put the file&apos;s path on the clipboard</source>
        <translation>把文件路径复制到剪贴板</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>校验</translation>
    </message>
    <message>
        <source>Read every byte and compare its SHA-256 with all that is known</source>
        <translation>读取每个字节，并将其 SHA-256 与所有已知信息比对</translation>
    </message>
    <message>
        <source>Convert to Safetensors</source>
        <translation>转换为 Safetensors</translation>
    </message>
    <message>
        <source>Convert</source>
        <translation>转换</translation>
    </message>
    <message>
        <source>Write what the pickled file holds as a file that cannot run code; the old one stays</source>
        <translation>把 pickle 文件的内容写成不能运行代码的文件；旧文件会保留</translation>
    </message>
    <message>
        <source>Move to Bin…</source>
        <translation>移到回收站…</translation>
    </message>
    <message>
        <source>Move the file into the system&apos;s bin; asks first</source>
        <translation>把文件移到系统回收站；会先询问</translation>
    </message>
    <message>
        <source>Use the Picture on the Canvas</source>
        <translation>使用画布上的图片</translation>
    </message>
    <message>
        <source>The candidate on show, else the selection or the frame</source>
        <translation>显示中的候选图，否则为选区或画框</translation>
    </message>
    <message>
        <source>Use a Picture File…</source>
        <translation>使用图片文件…</translation>
    </message>
    <message>
        <source>Choose a picture from a folder</source>
        <translation>从文件夹中选择图片</translation>
    </message>
    <message>
        <source>Take Own Picture Away</source>
        <translation>移除自选图片</translation>
    </message>
    <message>
        <source>Back to the one beside the file</source>
        <translation>恢复为文件旁的图片</translation>
    </message>
    <message>
        <source>Choose the model&apos;s picture</source>
        <translation>选择模型的图片</translation>
    </message>
    <message>
        <source>This is…</source>
        <translation>指定类型…</translation>
    </message>
    <message>
        <source>Say what this model is, if it was recognised wrongly or not at all</source>
        <translation>模型识别有误或未能识别时，指明它是什么</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Folder, verify, convert, bin</source>
        <translation>文件夹、校验、转换、回收站</translation>
    </message>
</context>
<context>
    <name>ModelLibraryDialog</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Everything in the library</source>
        <translation>模型库中的全部内容</translation>
    </message>
    <message>
        <source>Where models are looked for</source>
        <translation>在哪里查找模型</translation>
    </message>
</context>
<context>
    <name>ModelMiddle</name>
    <message>
        <source>Models: {count}</source>
        <translation>模型：{count}</translation>
    </message>
    <message>
        <source>Models: {count} of {all}</source>
        <translation>模型：{count} / {all}</translation>
    </message>
    <message>
        <source>The starter model paints small ink landscapes. Models of your own come in from any folder: of A1111, Forge, ComfyUI, InvokeAI or the Hugging Face cache. Add it here or drop it on this window; nothing is copied. The catalogue brings well-known ones from the network.</source>
        <translation>入门模型会画小幅水墨山水。你自己的模型可以来自任何文件夹：A1111、Forge、ComfyUI、InvokeAI 或 Hugging Face 缓存。在这里添加，或拖到这个窗口；不会复制任何文件。目录可从网络获取知名模型。</translation>
    </message>
    <message>
        <source>Nothing was found. Take ticks or words away, or add more folders.</source>
        <translation>没有找到。请减少勾选或搜索词，或添加更多文件夹。</translation>
    </message>
    <message>
        <source>Cards with pictures</source>
        <translation>带图片的卡片</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>Add Folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Add a folder with models; nothing is copied</source>
        <translation>添加存放模型的文件夹；不会复制任何文件</translation>
    </message>
    <message>
        <source>Catalogue…</source>
        <translation>模型目录…</translation>
    </message>
    <message>
        <source>Well-known models of every family, from the network</source>
        <translation>各家族的知名模型，从网络获取</translation>
    </message>
</context>
<context>
    <name>ModelPage</name>
    <message>
        <source>Put this into the prompt</source>
        <translation>加入提示词</translation>
    </message>
    <message>
        <source>This layer guides generation with it; click to choose the layer</source>
        <translation>这一图层用它引导生成；点击可选择该图层</translation>
    </message>
    <message>
        <source>All {count}…</source>
        <translation>全部 {count} 个…</translation>
    </message>
    <message>
        <source>Show them in the list</source>
        <translation>在列表中显示</translation>
    </message>
    <message>
        <source>Add it to the list under the prompt</source>
        <translation>加入提示词下方的列表</translation>
    </message>
    <message>
        <source>Show it</source>
        <translation>显示它</translation>
    </message>
    <message>
        <source>Not used in this painting yet</source>
        <translation>这幅画作中尚未使用</translation>
    </message>
    <message>
        <source>SHA-256 {hash}</source>
        <translation>SHA-256 {hash}</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>基础模型</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>By</source>
        <translation>作者</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Trigger words</source>
        <translation>触发词</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>组成部分</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Goes with</source>
        <translation>搭配使用</translation>
    </message>
    <message>
        <source>In this painting</source>
        <translation>在这幅画作中</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Generations: {count}</source>
        <translation>生成：{count} 次</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Show them in the history</source>
        <translation>在历史中显示</translation>
    </message>
    <message>
        <source>ink, portrait, favourite</source>
        <translation>水墨, 人像, 收藏</translation>
    </message>
    <message>
        <source>Your own words for it, with commas between; the filters at the left show them</source>
        <translation>你自己的标签，用英文逗号分隔；可在左侧的筛选中使用</translation>
    </message>
    <message>
        <source>What it is good for, which settings it likes</source>
        <translation>它擅长什么，适合哪些设置</translation>
    </message>
    <message>
        <source>Your own note; only this program knows it</source>
        <translation>你自己的备注；只保存在本程序中</translation>
    </message>
    <message>
        <source>Where it lies; nothing was copied</source>
        <translation>文件所在位置；没有复制任何文件</translation>
    </message>
</context>
<context>
    <name>ModelSight</name>
    <message>
        <source>grow {number} px</source>
        <translation>外扩 {number} 像素</translation>
    </message>
    <message>
        <source>feather {number} px</source>
        <translation>羽化 {number} 像素</translation>
    </message>
    <message>
        <source>blend {number} px</source>
        <translation>融合 {number} 像素</translation>
    </message>
    <message>
        <source>Drag: how much of the surroundings is sent along. Double click: decide by itself</source>
        <translation>拖动：一并发送多少周围内容。双击：自动决定</translation>
    </message>
    <message>
        <source>Grow: how far around the selection everything is painted. Double click: by itself</source>
        <translation>外扩：选区周围多大范围会完全重画。双击：自动决定</translation>
    </message>
    <message>
        <source>Feather: how wide the soft part behind it is. Double click: by itself</source>
        <translation>羽化：其外柔和部分的宽度。双击：自动决定</translation>
    </message>
    <message>
        <source>Blend: over how many pixels the result fades in. Double click: by itself</source>
        <translation>融合：结果在多少像素内渐显。双击：自动决定</translation>
    </message>
</context>
<context>
    <name>NavigatorPanel</name>
    <message>
        <source>Click or drag to go there; turn the wheel to zoom</source>
        <translation>点击或拖动可转到那里；转动滚轮可缩放</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Turn the view</source>
        <translation>旋转视图</translation>
    </message>
    <message>
        <source>Turn the view upright again</source>
        <translation>让视图回正</translation>
    </message>
    <message>
        <source>Mirror the view; nothing is changed</source>
        <translation>镜像视图；内容不变</translation>
    </message>
</context>
<context>
    <name>NumberField</name>
    <message>
        <source>Reset to {value}</source>
        <translation>重置为 {value}</translation>
    </message>
    <message>
        <source>Type a number</source>
        <translation>输入数字</translation>
    </message>
</context>
<context>
    <name>OfferCard</name>
    <message>
        <source>size unknown until the server tells</source>
        <translation>大小未知，要等服务器告知</translation>
    </message>
    <message>
        <source>a folder of {count} files</source>
        <translation>一个文件夹，共 {count} 个文件</translation>
    </message>
    <message>
        <source>{names} and {count} more</source>
        <translation>{names} 及另外 {count} 个文件</translation>
    </message>
    <message>
        <source>Trigger words: {words}</source>
        <translation>触发词：{words}</translation>
    </message>
    <message>
        <source>It is pickled: it will be looked through before it is used, and never run.</source>
        <translation>这是 pickle 文件：使用前会先检查，绝不会运行其中的代码。</translation>
    </message>
    <message>
        <source>the site does not say; read its page before you use it</source>
        <translation>网站没有说明；使用前请阅读其页面</translation>
    </message>
    <message>
        <source>Licence: {name}</source>
        <translation>许可证：{name}</translation>
    </message>
    <message>
        <source>Agree and Download</source>
        <translation>同意并下载</translation>
    </message>
    <message>
        <source>Download it under this licence</source>
        <translation>按此许可证下载</translation>
    </message>
    <message>
        <source>Keep Key</source>
        <translation>保存密钥</translation>
    </message>
    <message>
        <source>Keep the key in the system&apos;s keyring, and ask again</source>
        <translation>把密钥存入系统密钥环，然后重新查询</translation>
    </message>
    <message>
        <source>Take This One</source>
        <translation>选这个</translation>
    </message>
    <message>
        <source>Look at the chosen file</source>
        <translation>查看选中的文件</translation>
    </message>
    <message>
        <source>Not Now</source>
        <translation>以后再说</translation>
    </message>
    <message>
        <source>Leave it; nothing is downloaded</source>
        <translation>不处理；不会下载任何内容</translation>
    </message>
    <message>
        <source>Files of this repository</source>
        <translation>此仓库中的文件</translation>
    </message>
    <message>
        <source>Your key of {site}</source>
        <translation>你在 {site} 的密钥</translation>
    </message>
    <message>
        <source>It is kept by the system&apos;s keyring, and sent to that site only</source>
        <translation>由系统密钥环保存，只发送给该网站</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>{name} is open in another window or another Handscroll.</source>
        <translation>{name} 已在另一个窗口或另一个 Handscroll 中打开。</translation>
    </message>
    <message>
        <source>{name} or its folder cannot be written.</source>
        <translation>{name} 或它所在的文件夹无法写入。</translation>
    </message>
    <message>
        <source>This is a copy: paint on, and give it a name and a place of its own with Save As….</source>
        <translation>这是副本：可以继续作画，并用“另存为…”为它取名并选择位置。</translation>
    </message>
    <message>
        <source>{name} is damaged. Missing: {parts}.</source>
        <translation>{name} 已损坏。缺失：{parts}。</translation>
    </message>
    <message>
        <source>{name} is damaged, but everything of the painting could be read.</source>
        <translation>{name} 已损坏，但画作的全部内容都读取出来了。</translation>
    </message>
    <message>
        <source>The painting goes on in {target}; the damaged file stays as it is.</source>
        <translation>画作将在 {target} 中继续；损坏的文件保持原样。</translation>
    </message>
    <message>
        <source>{lost} of {whole} tiles of the picture (in {layers})</source>
        <translation>画面 {whole} 个图块中的 {lost} 个（位于 {layers}）</translation>
    </message>
    <message>
        <source>some pieces of the picture, which may also lie in the wrong place</source>
        <translation>画面的某些部分，也可能放错了位置</translation>
    </message>
    <message>
        <source>name, order and properties of {count} layers</source>
        <translation>{count} 个图层的名称、顺序和属性</translation>
    </message>
    <message>
        <source>some layers or their properties</source>
        <translation>某些图层或其属性</translation>
    </message>
    <message>
        <source>selections</source>
        <translation>选区</translation>
    </message>
    <message>
        <source>some entries of the generation history</source>
        <translation>生成历史中的某些记录</translation>
    </message>
    <message>
        <source>{count} pictures of generations</source>
        <translation>{count} 张生成的图片</translation>
    </message>
    <message>
        <source>the undo list</source>
        <translation>撤销列表</translation>
    </message>
</context>
<context>
    <name>OptionWidget</name>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
</context>
<context>
    <name>PaintedScroll</name>
    <message>
        <source>Paper</source>
        <translation>纸</translation>
    </message>
    <message>
        <source>Far Mountains</source>
        <translation>远山</translation>
    </message>
    <message>
        <source>Near Land</source>
        <translation>近岸</translation>
    </message>
    <message>
        <source>Trees, Boats, People</source>
        <translation>树木、舟船、人物</translation>
    </message>
</context>
<context>
    <name>ParameterRows</name>
    <message>
        <source>Strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>How far the result may leave what is there</source>
        <translation>结果可以离原有画面多远</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Denoising steps: more is slower and often finer</source>
        <translation>去噪步数：越多越慢，通常也越精细</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>引导</translation>
    </message>
    <message>
        <source>How strictly the words are followed</source>
        <translation>多严格地遵循提示词</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>张数</translation>
    </message>
    <message>
        <source>How many candidates one run makes</source>
        <translation>每次生成几张候选图</translation>
    </message>
    <message>
        <source>Soft rim</source>
        <translation>柔边</translation>
    </message>
    <message>
        <source>How the new picture is led over into the old one</source>
        <translation>新画面怎样过渡到旧画面</translation>
    </message>
    <message>
        <source>Grow</source>
        <translation>外扩</translation>
    </message>
    <message>
        <source>How far the model may repaint around the selection</source>
        <translation>模型可以在选区外多画多远</translation>
    </message>
    <message>
        <source>Feather</source>
        <translation>羽化</translation>
    </message>
    <message>
        <source>Width of the soft rim between old and new</source>
        <translation>新旧之间柔边的宽度</translation>
    </message>
    <message>
        <source>Blend</source>
        <translation>融合</translation>
    </message>
    <message>
        <source>How wide the edge of the new picture fades over the old one</source>
        <translation>新画面的边缘以多宽的范围渐隐到旧画面上</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>调度器</translation>
    </message>
    <message>
        <source>The method that walks from noise to picture</source>
        <translation>从噪声走向画面的方法</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>What stands under the selection before painting begins, at full strength</source>
        <translation>在最大强度下，开始绘制前选区内垫什么内容</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文范围</translation>
    </message>
    <message>
        <source>How much of the surroundings the model is shown of a selection</source>
        <translation>绘制选区时让模型看到多少周围内容</translation>
    </message>
    <message>
        <source>VAE</source>
        <translation>VAE</translation>
    </message>
    <message>
        <source>What turns the model&apos;s numbers into a picture, instead of its own</source>
        <translation>用它代替模型自带的 VAE，把模型的数值变成图片</translation>
    </message>
    <message>
        <source>CLIP skip</source>
        <translation>CLIP 跳层</translation>
    </message>
    <message>
        <source>Layers of the text encoder that are left out at its end; 1 is what A1111 calls 2</source>
        <translation>文本编码器末尾略过的层数；这里的 1 相当于 A1111 的 2</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>The same seed and settings make the same picture again</source>
        <translation>相同的种子和设置会得到相同的图片</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>画框</translation>
    </message>
    <message>
        <source>Width and height of the frame in canvas pixels</source>
        <translation>画框的宽和高，以画布像素计</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>Follows the selection</source>
        <translation>跟随选区</translation>
    </message>
    <message>
        <source>Grow, feather and blend suit the size of the selection and the strength</source>
        <translation>外扩、羽化和融合随选区大小和强度而定</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Tight</source>
        <translation>较窄</translation>
    </message>
    <message>
        <source>Wide</source>
        <translation>较宽</translation>
    </message>
    <message>
        <source>The frame</source>
        <translation>画框</translation>
    </message>
    <message>
        <source>Model&apos;s own</source>
        <translation>模型自带</translation>
    </message>
    <message>
        <source>{name} (does not suit this model)</source>
        <translation>{name}（不适用于此模型）</translation>
    </message>
    <message>
        <source>{name} (not in the library)</source>
        <translation>{name}（不在模型库中）</translation>
    </message>
    <message>
        <source>Fixed</source>
        <translation>固定</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>递增</translation>
    </message>
    <message>
        <source>Random: a new seed for every run, shown and stored. Fixed: always this one. Next: the one behind the last picture&apos;s after every run</source>
        <translation>随机：每次运行都用新种子，会显示并记录。固定：始终用这一个。递增：每次运行后改为上一张图片种子的下一个</translation>
    </message>
    <message>
        <source>What is there</source>
        <translation>原有画面</translation>
    </message>
    <message>
        <source>Blurred surroundings</source>
        <translation>模糊的周围</translation>
    </message>
    <message>
        <source>Continue the border</source>
        <translation>延续边缘</translation>
    </message>
    <message>
        <source>Neutral grey</source>
        <translation>中性灰</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>噪声</translation>
    </message>
</context>
<context>
    <name>PartRows</name>
    <message>
        <source>missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>Choose the file that serves as this part</source>
        <translation>选择用作此组成部分的文件</translation>
    </message>
    <message>
        <source>What the library finds</source>
        <translation>由模型库查找</translation>
    </message>
</context>
<context>
    <name>PictureDescriber</name>
    <message>
        <source>A picture is being described. Wait for it, or stop it.</source>
        <translation>正在描述一张图片。请等待，或停止它。</translation>
    </message>
    <message>
        <source>Nothing of the picture is painted there. Select something, or move the frame.</source>
        <translation>那里没有属于画面的内容。请选中一处，或移动画框。</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
</context>
<context>
    <name>PopupPalette</name>
    <message>
        <source>{size} px</source>
        <translation>{size} px</translation>
    </message>
    <message>
        <source>Pop-up palette</source>
        <translation>弹出式调色盘</translation>
    </message>
    <message>
        <source>Hue on the ring, saturation and value in the square</source>
        <translation>圆环上是色相，方块里是饱和度和明度</translation>
    </message>
    <message>
        <source>Diameter of the brush in canvas pixels</source>
        <translation>笔刷直径，以画布像素计</translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>首选项</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>At the start</source>
        <translation>启动时</translation>
    </message>
    <message>
        <source>Touch screen</source>
        <translation>触摸屏</translation>
    </message>
    <message>
        <source>Time-lapse</source>
        <translation>缩时视频</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Grid spacing</source>
        <translation>网格间距</translation>
    </message>
    <message>
        <source>Parts of a field</source>
        <translation>每格细分</translation>
    </message>
    <message>
        <source>Expand by a step of</source>
        <translation>扩展步长</translation>
    </message>
    <message>
        <source>Memory for undo</source>
        <translation>撤销所用内存</translation>
    </message>
    <message>
        <source>Steps kept in the file</source>
        <translation>文件中保留的步骤</translation>
    </message>
    <message>
        <source>Memory for the painting</source>
        <translation>画作所用内存</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>The program&apos;s surroundings</source>
        <translation>界面的明暗</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>The program&apos;s language</source>
        <translation>界面的语言</translation>
    </message>
    <message>
        <source>Open the paintings of the last time</source>
        <translation>打开上次的画作</translation>
    </message>
    <message>
        <source>Without it every start shows a new painting</source>
        <translation>不勾选则每次启动都是新画作</translation>
    </message>
    <message>
        <source>Show the welcome card in a new painting</source>
        <translation>在新画作中显示欢迎卡片</translation>
    </message>
    <message>
        <source>Three things to try; F1 shows it at any time</source>
        <translation>三件可以试试的事；按 F1 随时显示</translation>
    </message>
    <message>
        <source>Write into pictures how they were made</source>
        <translation>在图片中写入生成信息</translation>
    </message>
    <message>
        <source>Prompts, settings and the mark of AI; the export dialog begins with it</source>
        <translation>提示词、设置和 AI 标记；导出对话框默认采用此设置</translation>
    </message>
    <message>
        <source>Keep small pictures for a time-lapse</source>
        <translation>保留小图用于制作缩时视频</translation>
    </message>
    <message>
        <source>In the project file, a few kilobytes every few seconds of painting</source>
        <translation>存放在项目文件中，作画时每隔几秒占几 KB</translation>
    </message>
    <message>
        <source>How far Alt and an arrow key move the frame, as a part of its side</source>
        <translation>按 Alt 加方向键时画框移动多远，以占画框边长的比例计</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>How many steps can be undone after the painting was closed and opened again; more make it larger</source>
        <translation>画作关闭后再打开时还能撤销多少步；步数越多，文件越大</translation>
    </message>
    <message>
        <source>Changes count at once.</source>
        <translation>更改立即生效。</translation>
    </message>
    <message>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>One finger paints</source>
        <translation>单指绘画</translation>
    </message>
    <message>
        <source>Without it one finger moves the view; two always move, zoom and turn it</source>
        <translation>不勾选则单指移动视图；双指始终用于移动、缩放和旋转视图</translation>
    </message>
    <message>
        <source>Pixels of the painting between two lines of the grid</source>
        <translation>网格两条线之间相隔多少画面像素</translation>
    </message>
    <message>
        <source>How many parts the fainter lines make of every field of the grid</source>
        <translation>较淡的线把每个网格分成几份</translation>
    </message>
    <message>
        <source>Per painting; when it is full, old steps wait in the project file</source>
        <translation>按每幅画计；用满后，较早的步骤会存放到项目文件中</translation>
    </message>
    <message>
        <source>Per painting; when it is full, parts not in view wait in the project file</source>
        <translation>按每幅画计；用满后，视图以外的部分会存放到项目文件中</translation>
    </message>
    <message>
        <source>Model folders…</source>
        <translation>模型文件夹…</translation>
    </message>
    <message>
        <source>Add folders with models of your own</source>
        <translation>添加存放你自己模型的文件夹</translation>
    </message>
</context>
<context>
    <name>PresetPanel</name>
    <message>
        <source>Filter presets</source>
        <translation>筛选预设</translation>
    </message>
    <message>
        <source>Show only the presets whose names have this in them</source>
        <translation>只显示名称中包含这些字的预设</translation>
    </message>
    <message>
        <source>Show only one group</source>
        <translation>只显示一个分组</translation>
    </message>
    <message>
        <source>Keep the brush in hand as a new preset</source>
        <translation>把当前笔刷存为新预设</translation>
    </message>
    <message>
        <source>Put the brush in hand into the chosen preset</source>
        <translation>把当前笔刷存入选中的预设</translation>
    </message>
    <message>
        <source>Make the brush in hand what its preset says</source>
        <translation>让当前笔刷恢复到预设的样子</translation>
    </message>
    <message>
        <source>Delete the chosen preset (a shipped one can be brought back)</source>
        <translation>删除选中的预设（自带的预设可以找回）</translation>
    </message>
    <message>
        <source>Import, export, bring shipped presets back</source>
        <translation>导入、导出、找回自带的预设</translation>
    </message>
    <message>
        <source>Brush presets</source>
        <translation>笔刷预设</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>My Brush</source>
        <translation>我的笔刷</translation>
    </message>
    <message>
        <source>“{name}” is now the brush in hand.</source>
        <translation>“{name}”已更新为当前笔刷。</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Remove from Favourites</source>
        <translation>从收藏中移除</translation>
    </message>
    <message>
        <source>Add to Favourites</source>
        <translation>加入收藏</translation>
    </message>
    <message>
        <source>Overwrite with the Brush in Hand</source>
        <translation>用当前笔刷覆盖</translation>
    </message>
    <message>
        <source>As It Was Shipped</source>
        <translation>恢复为自带的样子</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Import Presets…</source>
        <translation>导入预设…</translation>
    </message>
    <message>
        <source>Export Shown Presets…</source>
        <translation>导出显示的预设…</translation>
    </message>
    <message>
        <source>Bring All Shipped Presets Back</source>
        <translation>找回全部自带预设</translation>
    </message>
</context>
<context>
    <name>Program</name>
    <message>
        <source>{gone} cannot be used any more: it has left the library. {now} paints from here on.</source>
        <translation>“{gone}”已不在模型库中，无法再使用。从现在起由“{now}”作画。</translation>
    </message>
    <message>
        <source>{0} is no longer there.</source>
        <translation>{0} 已经不在了。</translation>
    </message>
</context>
<context>
    <name>ProgressCard</name>
    <message>
        <source>Stop (Esc)</source>
        <translation>停止（Esc）</translation>
    </message>
</context>
<context>
    <name>ProgressWatch</name>
    <message>
        <source>All jobs of all paintings; the queue panel (F10) shows each</source>
        <translation>所有画作的全部任务；队列面板（F10）会逐个列出</translation>
    </message>
</context>
<context>
    <name>PromptFoot</name>
    <message>
        <source>{name} (gone)</source>
        <translation>{name}（已不存在）</translation>
    </message>
    <message>
        <source>No Style</source>
        <translation>不使用风格</translation>
    </message>
    <message>
        <source>Own Styles…</source>
        <translation>自定义风格…</translation>
    </message>
    <message>
        <source>Nothing was painted yet</source>
        <translation>还没有画过任何内容</translation>
    </message>
    <message>
        <source>Styles</source>
        <translation>风格</translation>
    </message>
    <message>
        <source>Styles put words around the prompt; several can be chosen</source>
        <translation>风格会在提示词前后添加文字；可选择多个</translation>
    </message>
    <message>
        <source>Tokens of the prompt, and how many the model reads at a time</source>
        <translation>提示词的词元数，以及模型一次能读取的数量</translation>
    </message>
    <message>
        <source>The prompt is too long: its end is not read. Shorten it.</source>
        <translation>提示词太长：末尾部分不会被读取。请缩短。</translation>
    </message>
    <message>
        <source>The prompt is read in {count} parts</source>
        <translation>提示词分 {count} 段读取</translation>
    </message>
    <message>
        <source>About: the model&apos;s vocabulary is not installed</source>
        <translation>约数：未安装此模型的词表</translation>
    </message>
    <message>
        <source>Negative prompt: {count}</source>
        <translation>反向提示词：{count}</translation>
    </message>
    <message>
        <source>+ LoRA</source>
        <translation>+ LoRA</translation>
    </message>
    <message>
        <source>Add a LoRA; &lt;lora:name:0.8&gt; in the prompt does the same</source>
        <translation>添加 LoRA；在提示词中写 &lt;lora:name:0.8&gt; 效果相同</translation>
    </message>
    <message>
        <source>Earlier prompts (Alt+PgUp, Alt+PgDn in the field)</source>
        <translation>以前的提示词（在输入框中按 Alt+PgUp、Alt+PgDn）</translation>
    </message>
</context>
<context>
    <name>PromptPanel</name>
    <message>
        <source>What should be painted? (Enter runs, Shift+Enter breaks the line)</source>
        <translation>想画什么？（Enter 开始，Shift+Enter 换行）</translation>
    </message>
    <message>
        <source>The prompt: what the picture should show. Ctrl+Up and Ctrl+Down weigh the word at the cursor, {a|b} and __file__ choose by the seed, BREAK begins a new part</source>
        <translation>提示词：画面里应该有什么。Ctrl+Up 和 Ctrl+Down 调整光标处词语的权重，{a|b} 和 __file__ 按种子选取，BREAK 另起一段</translation>
    </message>
    <message>
        <source>What should not appear</source>
        <translation>不想出现的内容</translation>
    </message>
    <message>
        <source>The negative prompt: what the picture should avoid</source>
        <translation>反向提示词：画面应避开什么</translation>
    </message>
    <message>
        <source>The model that paints. Add folders with Generate &gt; Model Folders</source>
        <translation>用来作画的模型。可用“生成 &gt; 模型文件夹”添加文件夹</translation>
    </message>
    <message>
        <source>The model library: all models, what they are, more of them</source>
        <translation>模型库：所有模型、它们的信息，以及获取更多模型</translation>
    </message>
    <message>
        <source>This model knows only ink-wash landscapes: mountains, water, pines, boats, moon, snow … Other models come in with Generate &gt; Model Folders.</source>
        <translation>这个模型只会画水墨山水：山、水、松、舟、月、雪……其他模型可用“生成 &gt; 模型文件夹”添加。</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Steps, guidance, scheduler, seed, size and the soft rim</source>
        <translation>步数、引导、调度器、种子、尺寸和柔边</translation>
    </message>
</context>
<context>
    <name>PropertiesDialog</name>
    <message>
        <source>Done: {size} given back.</source>
        <translation>完成：已释放 {size}。</translation>
    </message>
    <message>
        <source>Stopped; the file is as it was.</source>
        <translation>已停止；文件保持原样。</translation>
    </message>
    <message>
        <source>Remove {count} pictures of generations that were never kept? They take {size}.

Their records, settings and thumbnails stay; those with a star keep their pictures. The removed pictures can only be generated again. This cannot be undone.</source>
        <translation>要移除 {count} 张从未保留的生成图片吗？它们占用 {size}。

生成的记录、设置和缩略图会保留；加了星标的不会移除图片。移除的图片只能重新生成。此操作无法撤销。</translation>
    </message>
    <message>
        <source>Remove the Pictures</source>
        <translation>移除图片</translation>
    </message>
    <message>
        <source>{count} pictures are gone. Compact the file to give their room back.</source>
        <translation>已移除 {count} 张图片。整理文件即可释放它们占用的空间。</translation>
    </message>
    <message>
        <source>Forget all steps that could be undone or redone? The painting stays as it is now.</source>
        <translation>要清空所有可撤销和重做的步骤吗？画作保持现在的样子。</translation>
    </message>
    <message>
        <source>Forget Them</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>The undo list is empty. Its pixels leave the file when the painting is closed.</source>
        <translation>撤销列表已清空。关闭画作时，其中的像素会从文件中移除。</translation>
    </message>
    <message>
        <source>Forget the film of this painting? A time-lapse then shows only what is painted from now on.</source>
        <translation>清空这幅画的影片记录？之后的缩时视频只会显示从现在起画的内容。</translation>
    </message>
    <message>
        <source>Forget It</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>The film is gone. Compact the file to give its room back.</source>
        <translation>影片记录已清空。整理文件可释放空间。</translation>
    </message>
    <message>
        <source>{layers} layers, {tiles} tiles, {generations} generations ({kept} pictures kept)</source>
        <translation>{layers} 个图层，{tiles} 个图块，{generations} 次生成（已保留 {kept} 张图片）</translation>
    </message>
    <message>
        <source>Properties of {name}</source>
        <translation>{name} 的属性</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>On disk</source>
        <translation>磁盘占用</translation>
    </message>
    <message>
        <source>File version</source>
        <translation>文件版本</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Steps to undo</source>
        <translation>可撤销步骤</translation>
    </message>
    <message>
        <source>Layers, masks and selections</source>
        <translation>图层、蒙版和选区</translation>
    </message>
    <message>
        <source>Generations that were kept or have a star</source>
        <translation>已保留或加了星标的生成</translation>
    </message>
    <message>
        <source>Generations that were never kept</source>
        <translation>从未保留的生成</translation>
    </message>
    <message>
        <source>What went into generations</source>
        <translation>生成所用的输入图像</translation>
    </message>
    <message>
        <source>Needed by undo only</source>
        <translation>仅供撤销使用</translation>
    </message>
    <message>
        <source>Film for time-lapses</source>
        <translation>缩时视频素材</translation>
    </message>
    <message>
        <source>Unused</source>
        <translation>未使用</translation>
    </message>
    <message>
        <source>Records, lists and the file&apos;s own order</source>
        <translation>记录、列表和文件自身结构</translation>
    </message>
    <message>
        <source>Compact</source>
        <translation>整理文件</translation>
    </message>
    <message>
        <source>Write the file anew without unused room; the painting stays as it is</source>
        <translation>重写文件，去掉未使用的空间；画作保持原样</translation>
    </message>
    <message>
        <source>Remove Pictures of Generations That Were Never Kept…</source>
        <translation>移除从未保留的生成图片…</translation>
    </message>
    <message>
        <source>Asks first; records, settings and thumbnails stay</source>
        <translation>会先询问；记录、设置和缩略图都会保留</translation>
    </message>
    <message>
        <source>Forget Undo List…</source>
        <translation>清空撤销列表…</translation>
    </message>
    <message>
        <source>Asks first; nothing can be undone afterwards</source>
        <translation>会先询问；之后什么都无法再撤销</translation>
    </message>
    <message>
        <source>Forget Film…</source>
        <translation>清空影片记录…</translation>
    </message>
    <message>
        <source>Asks first; the painting and its history stay</source>
        <translation>会先询问；画作和历史保留</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>End it here; the file stays as it was</source>
        <translation>就此停止；文件保持原样</translation>
    </message>
</context>
<context>
    <name>QueuePanel</name>
    <message>
        <source>See what is followed: {kind}</source>
        <translation>查看所遵循的内容：{kind}</translation>
    </message>
    <message>
        <source>Describe the picture</source>
        <translation>描述图片</translation>
    </message>
    <message>
        <source>step {step} of {steps}, about {time} left</source>
        <translation>第 {step} 步，共 {steps} 步，约剩 {time}</translation>
    </message>
    <message>
        <source>waiting, done in about {time}</source>
        <translation>等待中，约 {time}后完成</translation>
    </message>
    <message>
        <source>waiting, {0} before it</source>
        <translation>等待中，前面还有 {0} 个</translation>
    </message>
    <message>
        <source>loading the model</source>
        <translation>正在载入模型</translation>
    </message>
    <message>
        <source>finishing</source>
        <translation>即将完成</translation>
    </message>
    <message>
        <source>Nothing runs. Jobs of all paintings appear here.</source>
        <translation>没有正在运行的任务。所有画作的任务都会显示在这里。</translation>
    </message>
    <message>
        <source>Cancel all</source>
        <translation>全部取消</translation>
    </message>
    <message>
        <source>Take every running and waiting job back</source>
        <translation>取消所有运行和等待中的任务</translation>
    </message>
    <message>
        <source>Cancel this job</source>
        <translation>取消这个任务</translation>
    </message>
</context>
<context>
    <name>RecipeBar</name>
    <message>
        <source>Settings in {name} ({source})</source>
        <translation>“{name}”中的设置（{source}）</translation>
    </message>
    <message>
        <source>This looks like a whole recipe ({source}). Use all of it?</source>
        <translation>这像是一整套生成设置（{source}）。要全部沿用吗？</translation>
    </message>
    <message>
        <source>These settings are in use now.</source>
        <translation>已沿用这些设置。</translation>
    </message>
    <message>
        <source>Left out, because the value makes no sense: {0}.</source>
        <translation>因数值无效而略去：{0}。</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Not wanted</source>
        <translation>不想出现</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>调度器</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>LoRAs</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>沿用</translation>
    </message>
    <message>
        <source>Put what is ticked into the form; the size becomes that of the frame</source>
        <translation>把勾选的内容填入生成设置；画框会改为其中的大小</translation>
    </message>
    <message>
        <source>Restore Previous Settings</source>
        <translation>恢复之前的设置</translation>
    </message>
    <message>
        <source>Put form and frame back as they were</source>
        <translation>把生成设置和画框恢复原样</translation>
    </message>
    <message>
        <source>Close; nothing changes</source>
        <translation>关闭；不作任何改动</translation>
    </message>
</context>
<context>
    <name>RecipeCommands</name>
    <message>
        <source>Settings from a picture</source>
        <translation>从图片读取设置</translation>
    </message>
    <message>
        <source>Pictures and texts with settings</source>
        <translation>带设置的图片和文本</translation>
    </message>
    <message>
        <source>the clipboard</source>
        <translation>剪贴板</translation>
    </message>
    <message>
        <source>A picture on the clipboard has lost its settings. Drop the picture&apos;s file on the prompt instead.</source>
        <translation>剪贴板中的图片已丢失设置。请改为把图片文件拖放到提示词上。</translation>
    </message>
    <message>
        <source>There are no settings on the clipboard.</source>
        <translation>剪贴板里没有设置。</translation>
    </message>
    <message>
        <source>{name} carries no settings that can be read. They are often lost when a picture is edited or sent.</source>
        <translation>“{name}”中没有可读取的设置。图片经过编辑或发送后，设置常会丢失。</translation>
    </message>
    <message>
        <source>{name} carries its settings ({source}).</source>
        <translation>“{name}”带有生成设置（{source}）。</translation>
    </message>
    <message>
        <source>Use Its Settings</source>
        <translation>沿用它的设置</translation>
    </message>
</context>
<context>
    <name>RegionRow</name>
    <message>
        <source>Its place is gone, so it is left out: the saved selection &apos;{name}&apos; was deleted. Undo that, or select a place and choose Take the Selection as Its Place in the menu ⋯.</source>
        <translation>它的位置已不存在，因此不参与绘制：已保存的选区“{name}”已被删除。请撤销删除，或选中一处，再在菜单 ⋯ 中选择“以选区作为位置”。</translation>
    </message>
    <message>
        <source>Select this region</source>
        <translation>选中此提示区域</translation>
    </message>
    <message>
        <source>Name of the region and of its saved selection</source>
        <translation>提示区域及其已保存选区的名称</translation>
    </message>
    <message>
        <source>Whether the region counts</source>
        <translation>此提示区域是否生效</translation>
    </message>
    <message>
        <source>Place and colour</source>
        <translation>位置和颜色</translation>
    </message>
    <message>
        <source>Delete the region; its saved selection stays, and undo brings it back</source>
        <translation>删除此提示区域；已保存的选区会保留，可撤销恢复</translation>
    </message>
    <message>
        <source>What is here?</source>
        <translation>这里有什么？</translation>
    </message>
    <message>
        <source>What this region shows, beside what holds everywhere (Enter runs)</source>
        <translation>除全局内容外，此提示区域要画什么（Enter 开始生成）</translation>
    </message>
    <message>
        <source>Select This Region</source>
        <translation>选中此提示区域</translation>
    </message>
    <message>
        <source>Take the Selection as Its Place</source>
        <translation>以选区作为位置</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>蓝</translation>
    </message>
    <message>
        <source>Amber</source>
        <translation>琥珀</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>绿</translation>
    </message>
    <message>
        <source>Red</source>
        <translation>红</translation>
    </message>
    <message>
        <source>Violet</source>
        <translation>紫</translation>
    </message>
    <message>
        <source>Cyan</source>
        <translation>青</translation>
    </message>
    <message>
        <source>Pink</source>
        <translation>粉</translation>
    </message>
    <message>
        <source>Olive</source>
        <translation>橄榄</translation>
    </message>
</context>
<context>
    <name>RegionsPanel</name>
    <message>
        <source>No other saved selections</source>
        <translation>没有其他已保存的选区</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>全局</translation>
    </message>
    <message>
        <source>What holds everywhere</source>
        <translation>适用于各处的内容</translation>
    </message>
    <message>
        <source>The prompt: it holds everywhere, and stands before each region&apos;s words</source>
        <translation>提示词：适用于各处，并放在每个提示区域的文字之前</translation>
    </message>
    <message>
        <source>Different words for different places, painted in one go: select a part of the canvas, add it here, and write what is there.</source>
        <translation>不同的地方用不同的文字，一次画成：选中画布的一部分，添加到这里，再写下那里有什么。</translation>
    </message>
</context>
<context>
    <name>Reproduction</name>
    <message>
        <source>The reproduction was cancelled.</source>
        <translation>复现已取消。</translation>
    </message>
    <message>
        <source>{title} (again)</source>
        <translation>{title}（复现）</translation>
    </message>
    <message>
        <source>Reproduction: {verdict}</source>
        <translation>复现：{verdict}</translation>
    </message>
</context>
<context>
    <name>ReproductionDialog</name>
    <message>
        <source>Reproduce</source>
        <translation>复现</translation>
    </message>
    <message>
        <source>(no prompt)</source>
        <translation>（无提示词）</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>原来</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>Which picture of the batch</source>
        <translation>这一批中的第几张</translation>
    </message>
    <message>
        <source>Keep the New One</source>
        <translation>保留新图</translation>
    </message>
    <message>
        <source>Put the picture made now on the canvas as a new layer</source>
        <translation>把这次生成的图片放到画布上，成为新图层</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Painting it again, with everything as it was …</source>
        <translation>正在按原样重新绘制 …</translation>
    </message>
</context>
<context>
    <name>RouteCard</name>
    <message>
        <source>{number} of {count}</source>
        <translation>{number} / {count}</translation>
    </message>
    <message>
        <source>What is along this stretch?</source>
        <translation>这一段沿途有什么？</translation>
    </message>
    <message>
        <source>What is along the route?</source>
        <translation>路线沿途有什么？</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop now</source>
        <translation>立即停止</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Stops after window {number}</source>
        <translation>第 {number} 个窗口块之后停止</translation>
    </message>
    <message>
        <source>Window {number} of {count}</source>
        <translation>第 {number} 个窗口块，共 {count} 个</translation>
    </message>
    <message>
        <source>{text}, {time} left</source>
        <translation>{text}，剩余 {time}</translation>
    </message>
    <message>
        <source>Painted to its end: {count} windows</source>
        <translation>已画到终点：{count} 个窗口块</translation>
    </message>
    <message>
        <source>{number} of {count} windows painted</source>
        <translation>已绘制 {number} / {count} 个窗口块</translation>
    </message>
    <message>
        <source>1 window to paint</source>
        <translation>还有 1 个窗口块要绘制</translation>
    </message>
    <message>
        <source>{count} windows to paint</source>
        <translation>待绘制 {count} 个窗口块</translation>
    </message>
    <message>
        <source>What is painted along the route, or along the stretch that you clicked</source>
        <translation>沿路线绘制的内容，或沿点选的那一段绘制的内容</translation>
    </message>
    <message>
        <source>The stretch before</source>
        <translation>上一段</translation>
    </message>
    <message>
        <source>The next stretch</source>
        <translation>下一段</translation>
    </message>
    <message>
        <source>Join this stretch to the one before it</source>
        <translation>把这一段与前一段合并</translation>
    </message>
    <message>
        <source>Paint window after window; stopping waits for the window in work, twice does not</source>
        <translation>逐个绘制窗口块；停止时会先画完当前窗口块，再按一次则立即停止</translation>
    </message>
    <message>
        <source>Seed of the noise that all windows share; another one changes what comes next</source>
        <translation>所有窗口块共用的噪声种子；换一个会改变之后的画面</translation>
    </message>
    <message>
        <source>Another seed for what comes next</source>
        <translation>为之后的部分换一个种子</translation>
    </message>
    <message>
        <source>Remove the route; what is painted stays</source>
        <translation>移除路线；已画的内容会保留</translation>
    </message>
</context>
<context>
    <name>RouteRun</name>
    <message>
        <source>The route stops here: {reason}</source>
        <translation>路线停在这里：{reason}</translation>
    </message>
    <message>
        <source>Route: {prompt}</source>
        <translation>路线：{prompt}</translation>
    </message>
    <message>
        <source>Route</source>
        <translation>路线</translation>
    </message>
</context>
<context>
    <name>Ruler</name>
    <message>
        <source>Drag a guide out of here; drag it back to take it away</source>
        <translation>从这里拖出参考线；拖回来即可移除</translation>
    </message>
    <message>
        <source>The guides are locked. Unlock them in the View menu to move them or add more.</source>
        <translation>参考线已锁定。请在“视图”菜单中解锁，再移动或添加。</translation>
    </message>
</context>
<context>
    <name>RunBar</name>
    <message>
        <source>Cancel this document&apos;s newest job (Shift+Esc)</source>
        <translation>取消这份文档最新的任务（Shift+Esc）</translation>
    </message>
    <message>
        <source>Decide by the picture</source>
        <translation>由画面决定</translation>
    </message>
</context>
<context>
    <name>SavedSelectionsDialog</name>
    <message>
        <source>Saved selections</source>
        <translation>已保存的选区</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>载入</translation>
    </message>
    <message>
        <source>Select this instead</source>
        <translation>改为选中这个</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Select this too</source>
        <translation>同时选中这个</translation>
    </message>
    <message>
        <source>Take away</source>
        <translation>减去</translation>
    </message>
    <message>
        <source>Take this away from the selection</source>
        <translation>从选区中减去这个</translation>
    </message>
    <message>
        <source>Intersect</source>
        <translation>相交</translation>
    </message>
    <message>
        <source>Keep what is in both</source>
        <translation>只保留两者共有的部分</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Forget this selection; undo brings it back</source>
        <translation>删掉这个选区；撤销可以找回</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>A double click loads</source>
        <translation>双击即可载入</translation>
    </message>
</context>
<context>
    <name>SayingForm</name>
    <message>
        <source>As found</source>
        <translation>按识别结果</translation>
    </message>
    <message>
        <source>What you say here wins over what the file seems to be, and is remembered.</source>
        <translation>此处的设定优先于对文件的识别结果，并会被记住。</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>What the file holds</source>
        <translation>文件里是什么</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>家族</translation>
    </message>
    <message>
        <source>The network it was made for</source>
        <translation>它所适用的网络</translation>
    </message>
    <message>
        <source>Variant</source>
        <translation>变体</translation>
    </message>
    <message>
        <source>What sets it apart in its family; any word can be typed</source>
        <translation>同一家族中的区别；可输入任意文字</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>预测类型</translation>
    </message>
    <message>
        <source>What the network tells; pictures of pure noise or of burnt colours mean that it is the other one</source>
        <translation>网络预测的是什么；如果画出来全是噪点或颜色过曝，就应改用另一种</translation>
    </message>
    <message>
        <source>Remember</source>
        <translation>记住</translation>
    </message>
    <message>
        <source>From now on it counts as this</source>
        <translation>今后按此处的设定对待它</translation>
    </message>
    <message>
        <source>As Found</source>
        <translation>按识别结果</translation>
    </message>
    <message>
        <source>Take back what was said; the file decides again</source>
        <translation>撤回此处的设定；重新以文件为准</translation>
    </message>
</context>
<context>
    <name>SelectCommands</name>
    <message>
        <source>Looking at the painting… {percent} %</source>
        <translation>正在查看画面… {percent} %</translation>
    </message>
    <message>
        <source>Quick mask: light colours select, dark ones protect, the eraser takes the film away.</source>
        <translation>快速蒙版：浅色为选中，深色为保护，橡皮擦去红膜。</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>载入</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Take away</source>
        <translation>减去</translation>
    </message>
    <message>
        <source>Intersect</source>
        <translation>相交</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Save selection</source>
        <translation>保存选区</translation>
    </message>
    <message>
        <source>Name (one that is there is replaced)</source>
        <translation>名称（已有同名的会被替换）</translation>
    </message>
    <message>
        <source>A saved selection needs a name. Nothing was saved.</source>
        <translation>保存的选区需要名称。没有保存任何内容。</translation>
    </message>
    <message>
        <source>Selection {number}</source>
        <translation>选区 {number}</translation>
    </message>
    <message>
        <source>There is nothing painted to select. Paint something, or choose another layer.</source>
        <translation>没有画过的内容可选。请先画点什么，或选择别的图层。</translation>
    </message>
    <message>
        <source>What is painted there is {width} × {height} pixels; a selection may be at most {most} wide and high. Select a part of it with a rectangle.</source>
        <translation>那里画过的内容为 {width} × {height} 像素；选区的宽和高最多 {most}。请用矩形选中其中一部分。</translation>
    </message>
</context>
<context>
    <name>SelectionEdge</name>
    <message>
        <source>Grow selection</source>
        <translation>扩大选区</translation>
    </message>
    <message>
        <source>Outwards by</source>
        <translation>向外</translation>
    </message>
    <message>
        <source>Shrink selection</source>
        <translation>缩小选区</translation>
    </message>
    <message>
        <source>Inwards by</source>
        <translation>向内</translation>
    </message>
    <message>
        <source>Feather selection</source>
        <translation>羽化选区</translation>
    </message>
    <message>
        <source>Fade over</source>
        <translation>渐隐宽度</translation>
    </message>
    <message>
        <source>Smooth selection</source>
        <translation>平滑选区</translation>
    </message>
    <message>
        <source>Forms smaller than</source>
        <translation>去除小于</translation>
    </message>
    <message>
        <source>Border of the selection</source>
        <translation>选区边界</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
</context>
<context>
    <name>SelectionEdgeDialog</name>
    <message>
        <source>Pixels of the canvas</source>
        <translation>画布像素</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>正在计算…</translation>
    </message>
    <message>
        <source>Nothing would stay selected.</source>
        <translation>选区将不剩任何内容。</translation>
    </message>
</context>
<context>
    <name>SelectionOverlay</name>
    <message>
        <source>Quick mask</source>
        <translation>快速蒙版</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>Untitled</source>
        <translation>未命名</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Shows only the actions that contain these letters</source>
        <translation>只显示包含这些字的操作</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>While held, or with the mouse</source>
        <translation>按住时，或用鼠标</translation>
    </message>
    <message>
        <source>Move the view</source>
        <translation>移动视图</translation>
    </message>
    <message>
        <source>Space, middle button</source>
        <translation>空格键、鼠标中键</translation>
    </message>
    <message>
        <source>Turn the view</source>
        <translation>旋转视图</translation>
    </message>
    <message>
        <source>R and drag</source>
        <translation>按住 R 拖动</translation>
    </message>
    <message>
        <source>Take a colour with the brush in hand</source>
        <translation>使用笔刷时吸取颜色</translation>
    </message>
    <message>
        <source>Zoom at the pointer</source>
        <translation>在指针处缩放</translation>
    </message>
    <message>
        <source>wheel</source>
        <translation>滚轮</translation>
    </message>
</context>
<context>
    <name>SightCard</name>
    <message>
        <source>What the model sees</source>
        <translation>模型所见</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭（Esc）</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>What the model is shown; the rest is dimmed</source>
        <translation>模型能看到的部分；其余变暗显示</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>What stands there before the first step</source>
        <translation>第一步之前那里的内容</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>蒙版</translation>
    </message>
    <message>
        <source>Where it may paint: strong colour from the first step, weak late</source>
        <translation>可以绘制的地方：颜色浓处从第一步开始，淡处较晚才开始</translation>
    </message>
    <message>
        <source>Rim</source>
        <translation>边缘</translation>
    </message>
    <message>
        <source>Where the result goes over into the picture</source>
        <translation>结果向画面过渡的地方</translation>
    </message>
    <message>
        <source>Canvas pixels that are sent along. Drag its handles</source>
        <translation>一并发送的画布像素。可拖动其控制点</translation>
    </message>
    <message>
        <source>Runs at</source>
        <translation>运算尺寸</translation>
    </message>
    <message>
        <source>At what sizes the model paints, one after the other</source>
        <translation>模型依次以哪些尺寸绘制</translation>
    </message>
    <message>
        <source>Takes</source>
        <translation>所需</translation>
    </message>
    <message>
        <source>Learned from finished jobs of this model on this computer</source>
        <translation>根据本机上此模型已完成的任务推算</translation>
    </message>
    <message>
        <source>Canvas pixels around the selection: wholly painted, soft, faded over</source>
        <translation>选区周围的画布像素：完全重画、羽化、渐变融合</translation>
    </message>
    <message>
        <source>Decide by itself</source>
        <translation>自动决定</translation>
    </message>
    <message>
        <source>Region and rim follow from the selection again</source>
        <translation>区域和边缘重新跟随选区</translation>
    </message>
</context>
<context>
    <name>Slots</name>
    <message>
        <source>Something went wrong ({0}). The painting is safe; details are in the log file.</source>
        <translation>出了点问题（{0}）。画作是安全的，详情见日志文件。</translation>
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message>
        <source>no model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>engine restarts</source>
        <translation>引擎正在重启</translation>
    </message>
    <message>
        <source>engine starts</source>
        <translation>引擎正在启动</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>未保存</translation>
    </message>
    <message>
        <source>Memory: window {0}, engine {1}</source>
        <translation>内存：窗口 {0}，引擎 {1}</translation>
    </message>
    <message>
        <source>Where the pointer is on the canvas, in pixels</source>
        <translation>指针在画布上的位置，以像素计</translation>
    </message>
    <message>
        <source>Zoom and rotation of the view</source>
        <translation>视图的缩放和旋转</translation>
    </message>
    <message>
        <source>Where the engine computes, and in which number format</source>
        <translation>引擎运行的设备和数值格式</translation>
    </message>
    <message>
        <source>Memory of window and engine</source>
        <translation>窗口和引擎占用的内存</translation>
    </message>
</context>
<context>
    <name>StepModel</name>
    <message>
        <source>Beginning</source>
        <translation>初始状态</translation>
    </message>
</context>
<context>
    <name>StylesDialog</name>
    <message>
        <source>New style</source>
        <translation>新风格</translation>
    </message>
    <message>
        <source>Template</source>
        <translation>模板</translation>
    </message>
    <message>
        <source>Styles (*.json *.csv)</source>
        <translation>风格 (*.json *.csv)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Import Styles</source>
        <translation>导入风格</translation>
    </message>
    <message>
        <source>A style has no name. Give it one, or delete it.</source>
        <translation>有一个风格没有名称。请为它命名，或将它删除。</translation>
    </message>
    <message>
        <source>Two styles are called &apos;{name}&apos;. Rename one of them.</source>
        <translation>有两个风格都叫“{name}”。请给其中一个改名。</translation>
    </message>
    <message>
        <source>Own Styles</source>
        <translation>自定义风格</translation>
    </message>
    <message>
        <source>{place} is where the prompt goes; without it the words come behind the prompt.</source>
        <translation>{place} 是放入提示词的位置；没有它时，这些文字接在提示词后面。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Negative</source>
        <translation>反向提示词</translation>
    </message>
    <message>
        <source>What the style is called in the menu and in recipes</source>
        <translation>风格在菜单和生成设置中的名称</translation>
    </message>
    <message>
        <source>Words around the prompt</source>
        <translation>提示词前后的文字</translation>
    </message>
    <message>
        <source>Words behind the negative prompt</source>
        <translation>接在反向提示词后面的文字</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>An empty style</source>
        <translation>新建空白风格</translation>
    </message>
    <message>
        <source>From the Prompt</source>
        <translation>取自提示词</translation>
    </message>
    <message>
        <source>A template of the prompt and the negative prompt as they are typed now</source>
        <translation>用当前输入的提示词和反向提示词做成模板</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Add the styles of a file: ours (.json) or A1111&apos;s styles.csv</source>
        <translation>添加文件中的风格：本程序的（.json）或 A1111 的 styles.csv</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Take the chosen style out of the list</source>
        <translation>把选中的风格从列表中移除</translation>
    </message>
</context>
<context>
    <name>SwatchGrid</name>
    <message>
        <source>Replace by the Current Colour</source>
        <translation>替换为当前颜色</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Add the current colour</source>
        <translation>添加当前颜色</translation>
    </message>
    <message>
        <source>{colour} (right click: replace or remove)</source>
        <translation>{colour}（右键：替换或移除）</translation>
    </message>
</context>
<context>
    <name>SweepBar</name>
    <message>
        <source>{painted} of {total} pictures</source>
        <translation>{painted} / {total} 张图片</translation>
    </message>
    <message>
        <source>{total} pictures</source>
        <translation>{total} 张图片</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Picture {number} of {total}</source>
        <translation>第 {number} 张图片，共 {total} 张</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>约剩 {time}</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Paint no more of them; what is done stays</source>
        <translation>不再绘制其余图片；已完成的会保留</translation>
    </message>
    <message>
        <source>Keep Picture</source>
        <translation>保留图片</translation>
    </message>
    <message>
        <source>Put the chosen picture at its place as a new layer, and use its settings (Enter, or double-click)</source>
        <translation>把选中的图片放到原处，成为新图层，并采用它的设置（Enter 或双击）</translation>
    </message>
    <message>
        <source>Keep Grid</source>
        <translation>保留X/Y 图</translation>
    </message>
    <message>
        <source>Put all pictures and their words where they are, as a group of two layers</source>
        <translation>把所有图片及其文字放在当前位置，成为含两个图层的图层组</translation>
    </message>
    <message>
        <source>Drop</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Take the grid off the canvas; the history keeps every picture</source>
        <translation>从画布上取走X/Y 图；历史中仍会保留每张图片</translation>
    </message>
</context>
<context>
    <name>SweepCommands</name>
    <message>
        <source>A sweep is being painted. Wait for it, or cancel it.</source>
        <translation>正在绘制 X/Y 图。请等它完成，或将其取消。</translation>
    </message>
    <message>
        <source>Kept as a new layer; its settings are used now.</source>
        <translation>已保留为新图层；现已采用它的设置。</translation>
    </message>
    <message>
        <source>Cancelled; nothing has changed.</source>
        <translation>已取消；没有任何改变。</translation>
    </message>
</context>
<context>
    <name>SweepDialog</name>
    <message>
        <source>Nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Choose what changes from column to column.</source>
        <translation>请选择各列之间变化的设置。</translation>
    </message>
    <message>
        <source>{columns} × {rows} = {count} pictures</source>
        <translation>{columns} × {rows} = {count} 张图片</translation>
    </message>
    <message>
        <source>, about {time}</source>
        <translation>，约 {time}</translation>
    </message>
    <message>
        <source>All of them</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Sweep</source>
        <translation>X/Y 图</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>The setting that is another one in each</source>
        <translation>各列或各行之间变化的设置</translation>
    </message>
    <message>
        <source>Its values, with commas between them</source>
        <translation>它的各个值，以逗号分隔</translation>
    </message>
    <message>
        <source>Choose from all names</source>
        <translation>从所有名称中选择</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>绘制</translation>
    </message>
    <message>
        <source>Paint the grid beside everything that is painted (Enter)</source>
        <translation>在所有已画内容旁边绘制X/Y 图（Enter）</translation>
    </message>
</context>
<context>
    <name>SweepRun</name>
    <message>
        <source>A sweep is being painted. Wait for it, or cancel it.</source>
        <translation>正在绘制 X/Y 图。请等它完成，或将其取消。</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Sweep of {count}</source>
        <translation>X/Y 图（{count} 张）</translation>
    </message>
    <message>
        <source>{words}: {reason}</source>
        <translation>{words}：{reason}</translation>
    </message>
    <message>
        <source>{title} ({number} of {count})</source>
        <translation>{title}（{number} / {count}）</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
</context>
<context>
    <name>TextCard</name>
    <message>
        <source>Type the text</source>
        <translation>输入文字</translation>
    </message>
    <message>
        <source>Enter begins a new line, Ctrl+Enter puts the text on the canvas</source>
        <translation>Enter 换行，Ctrl+Enter 把文字放到画布上</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Put the text on the canvas as a new layer (Ctrl+Enter)</source>
        <translation>把文字放到画布上，成为新图层（Ctrl+Enter）</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Drop the text (Esc)</source>
        <translation>丢弃文字（Esc）</translation>
    </message>
</context>
<context>
    <name>TimeLapseDialog</name>
    <message>
        <source>Time-Lapse</source>
        <translation>缩时视频</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Everything painted</source>
        <translation>画过的全部内容</translation>
    </message>
    <message>
        <source>The frame</source>
        <translation>画框</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Largest side</source>
        <translation>最长边</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>Which part of the canvas the film shows</source>
        <translation>视频显示画布的哪一部分</translation>
    </message>
    <message>
        <source>How long the film takes; the finished painting stays two seconds more</source>
        <translation>视频有多长；结尾处完成的画面会再停留两秒</translation>
    </message>
    <message>
        <source>The film keeps the proportions of the painting</source>
        <translation>视频保持画作的宽高比</translation>
    </message>
    <message>
        <source>MP4 and WebM are small; WebP, GIF and APNG play where pictures are shown</source>
        <translation>MP4 和 WebM 体积小；WebP、GIF 和 APNG 在能显示图片的地方就能播放</translation>
    </message>
    <message>
        <source>The file to write</source>
        <translation>要写出的文件</translation>
    </message>
    <message>
        <source>Choose folder and name</source>
        <translation>选择文件夹和名称</translation>
    </message>
    <message>
        <source>Write the file</source>
        <translation>写出文件</translation>
    </message>
    <message>
        <source>There is no film of this painting yet: it grows by a small picture every few seconds.</source>
        <translation>这幅画还没有录像：作画时每隔几秒会录下一张小图。</translation>
    </message>
    <message>
        <source>{count} pictures, from {first} to {last}.</source>
        <translation>{count} 张图片，从 {first} 到 {last}。</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>导出到</translation>
    </message>
    <message>
        <source>There is no folder {0}. Choose another place.</source>
        <translation>没有文件夹 {0}。请选择别的位置。</translation>
    </message>
    <message>
        <source>{name} is there already. Press Replace to write over it, or choose another name.</source>
        <translation>{name} 已存在。按“替换”可覆盖它，或另选一个名称。</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
</context>
<context>
    <name>ToolOptionsBar</name>
    <message>
        <source>Tool Options</source>
        <translation>工具选项</translation>
    </message>
</context>
<context>
    <name>TransformCard</name>
    <message>
        <source>X</source>
        <translation>X</translation>
    </message>
    <message>
        <source>Where the pivot is, from the left</source>
        <translation>轴心的位置，从左边算起</translation>
    </message>
    <message>
        <source>Y</source>
        <translation>Y</translation>
    </message>
    <message>
        <source>Where the pivot is, from the top</source>
        <translation>轴心的位置，从上边算起</translation>
    </message>
    <message>
        <source>W</source>
        <translation>宽</translation>
    </message>
    <message>
        <source>Width in per cent; negative mirrors</source>
        <translation>宽度百分比；负值为镜像</translation>
    </message>
    <message>
        <source>H</source>
        <translation>高</translation>
    </message>
    <message>
        <source>Height in per cent; negative mirrors</source>
        <translation>高度百分比；负值为镜像</translation>
    </message>
    <message>
        <source>Turn</source>
        <translation>旋转</translation>
    </message>
    <message>
        <source>Degrees clockwise about the pivot</source>
        <translation>绕轴心顺时针的度数</translation>
    </message>
    <message>
        <source>Shear</source>
        <translation>斜切</translation>
    </message>
    <message>
        <source>How far the upright sides lean</source>
        <translation>两条竖边倾斜多少</translation>
    </message>
    <message>
        <source>Flip left and right</source>
        <translation>水平翻转</translation>
    </message>
    <message>
        <source>Flip top and bottom</source>
        <translation>垂直翻转</translation>
    </message>
    <message>
        <source>Turn 90° to the left</source>
        <translation>向左旋转 90°</translation>
    </message>
    <message>
        <source>Turn 90° to the right</source>
        <translation>向右旋转 90°</translation>
    </message>
    <message>
        <source>Back to how it was</source>
        <translation>恢复原样</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Make it so: one undo step (Enter)</source>
        <translation>应用变换，只算一步撤销（Enter）</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Leave everything as it was (Esc)</source>
        <translation>一切保持原样（Esc）</translation>
    </message>
    <message>
        <source>Inside moves, outside turns. Shift: proportions, 15°. Ctrl: a corner freely, a side sheared. Alt: about the pivot.</source>
        <translation>框内移动，框外旋转。Shift：保持比例、每次 15°。Ctrl：自由移动一角、斜切一边。Alt：以轴心为准。</translation>
    </message>
</context>
<context>
    <name>TransformCommands</name>
    <message>
        <source>Flip</source>
        <translation>翻转</translation>
    </message>
    <message>
        <source>Turn</source>
        <translation>旋转</translation>
    </message>
    <message>
        <source>Crop to selection</source>
        <translation>裁剪到选区</translation>
    </message>
    <message>
        <source>Crop to frame</source>
        <translation>裁剪到画框</translation>
    </message>
    <message>
        <source>Align</source>
        <translation>对齐</translation>
    </message>
    <message>
        <source>Distribute</source>
        <translation>分布</translation>
    </message>
    <message>
        <source>The painting changed meanwhile. Try it again.</source>
        <translation>画作在此期间有了改动。请再试一次。</translation>
    </message>
</context>
<context>
    <name>TroubleWatch</name>
    <message>
        <source>Try Again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Save As…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Model Library…</source>
        <translation>模型库…</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>UndoPanel</name>
    <message>
        <source>{memory} MB in memory, {file} MB in the file</source>
        <translation>内存中 {memory} MB，文件中 {file} MB</translation>
    </message>
    <message>
        <source>{memory} MB in memory</source>
        <translation>内存中 {memory} MB</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Every step of this painting. A click goes back to it, or forward again</source>
        <translation>这幅画的每一步。点击可退回那一步，或再次前进</translation>
    </message>
    <message>
        <source>What the steps hold; old ones are compressed, then kept in the project file</source>
        <translation>步骤占用的空间；较早的会先压缩，再存放到项目文件中</translation>
    </message>
    <message>
        <source>On the way to the step; Esc stops here</source>
        <translation>正在前往那一步；按 Esc 停在这里</translation>
    </message>
    <message>
        <source>Forget…</source>
        <translation>清空…</translation>
    </message>
    <message>
        <source>Forget all steps and give their memory back; the painting stays as it is</source>
        <translation>清空全部步骤并释放内存；画作保持原样</translation>
    </message>
    <message>
        <source>Forget all steps? The painting stays as it is, but nothing can be undone any more.</source>
        <translation>要清空全部步骤吗？画作保持原样，但之前的操作都无法再撤销。</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>Forget all steps</source>
        <translation>清空全部步骤</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Keep the steps</source>
        <translation>保留这些步骤</translation>
    </message>
</context>
<context>
    <name>Unwritten</name>
    <message>
        <source>Not everything is on disk</source>
        <translation>还有内容未写入磁盘</translation>
    </message>
    <message>
        <source>The newest changes of “{title}” could not be written.</source>
        <translation>“{title}”的最新改动未能写入。</translation>
    </message>
    <message>
        <source>Save As…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Try Again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Close and Lose Them</source>
        <translation>关闭并丢弃改动</translation>
    </message>
    <message>
        <source>Go On Painting</source>
        <translation>继续作画</translation>
    </message>
</context>
<context>
    <name>UpscaleBar</name>
    <message>
        <source>Making it larger</source>
        <translation>正在放大</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Take it back; nothing changes</source>
        <translation>取消放大；画作不会改变</translation>
    </message>
</context>
<context>
    <name>UpscaleDialog</name>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>{width} × {height} pixels</source>
        <translation>{width} × {height} 像素</translation>
    </message>
    <message>
        <source>, about {time}</source>
        <translation>，约 {time}</translation>
    </message>
    <message>
        <source>Upscale</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>What</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>倍数</translation>
    </message>
    <message>
        <source>How many times as wide and high</source>
        <translation>宽和高放大到几倍</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Lanczos is exact and quick; a model makes edges sharp</source>
        <translation>Lanczos 精确而快速；模型能让边缘锐利</translation>
    </message>
    <message>
        <source>Add detail</source>
        <translation>添加细节</translation>
    </message>
    <message>
        <source>How far the chosen model paints over the enlarged picture, in overlapping windows</source>
        <translation>所选模型在放大后的图片上重画的程度，以相互重叠的窗口块进行</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>What the added detail is of</source>
        <translation>添加的细节要画什么</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Nothing in particular</source>
        <translation>不特别指定</translation>
    </message>
    <message>
        <source>The selection</source>
        <translation>选区</translation>
    </message>
    <message>
        <source>The frame</source>
        <translation>画框</translation>
    </message>
    <message>
        <source>Models that enlarge (the ESRGAN family) are offered here once a model folder holds some.</source>
        <translation>模型文件夹中有放大模型（ESRGAN 系列）后，会在这里列出。</translation>
    </message>
    <message>
        <source>Beside everything painted</source>
        <translation>在所有已画内容旁边</translation>
    </message>
    <message>
        <source>To the right, where nothing is</source>
        <translation>放在右侧的空白处</translation>
    </message>
    <message>
        <source>Over it</source>
        <translation>覆盖原处</translation>
    </message>
    <message>
        <source>At the same top left corner; it covers what lies around</source>
        <translation>左上角与原处对齐；会盖住周围的内容</translation>
    </message>
    <message>
        <source>Make it, as a new layer with the frame around it (Enter)</source>
        <translation>放大并成为新图层，画框会框住它（Enter）</translation>
    </message>
</context>
<context>
    <name>UpscaleRun</name>
    <message>
        <source>Something is being made larger. Wait for it, or cancel it.</source>
        <translation>正在放大。请等它完成，或将其取消。</translation>
    </message>
    <message>
        <source>{scale} × larger</source>
        <translation>放大 {scale} 倍</translation>
    </message>
</context>
<context>
    <name>WelcomeCard</name>
    <message>
        <source>Three things to try</source>
        <translation>试试这三件事</translation>
    </message>
    <message>
        <source>Painting and everything else goes on meanwhile. F1 brings this card back.</source>
        <translation>其间照常可以作画。按 F1 可再次打开这张卡片。</translation>
    </message>
    <message>
        <source>Close this card; F1 brings it back</source>
        <translation>关闭卡片；按 F1 可再次打开</translation>
    </message>
    <message>
        <source>1  Paint from words</source>
        <translation>1  用文字作画</translation>
    </message>
    <message>
        <source>2  Lasso and type</source>
        <translation>2  圈选并输入</translation>
    </message>
    <message>
        <source>3  Let it grow</source>
        <translation>3  让画面生长</translation>
    </message>
    <message>
        <source>A click paints the empty frame. Enter keeps the picture, ← → show the others of its batch.</source>
        <translation>点一下，就在空画框里作画。Enter 保留，← → 查看同批的其他图片。</translation>
    </message>
    <message>
        <source>Draw around a place (L), type, Enter. A click does it in the middle of the frame.</source>
        <translation>用套索（L）圈出一处，输入文字，按 Enter。点一下会在画框中间示范。</translation>
    </message>
    <message>
        <source>Move the frame (C) half out of the picture and generate. A click does it.</source>
        <translation>把画框（C）移出画面一半，然后生成。点一下即可示范。</translation>
    </message>
    <message>
        <source>misty mountains, pines</source>
        <translation>云雾山峦，松树</translation>
    </message>
    <message>
        <source>dusk, river, a boat</source>
        <translation>黄昏，江水，小舟</translation>
    </message>
    <message>
        <source>snow, mountains, a pavilion</source>
        <translation>雪，山，亭子</translation>
    </message>
    <message>
        <source>a red sun</source>
        <translation>红日</translation>
    </message>
    <message>
        <source>a small boat</source>
        <translation>小舟</translation>
    </message>
    <message>
        <source>bamboo</source>
        <translation>竹子</translation>
    </message>
    <message>
        <source>← to the left</source>
        <translation>← 向左</translation>
    </message>
    <message>
        <source>to the right →</source>
        <translation>向右 →</translation>
    </message>
    <message>
        <source>Or begin with a painted scroll</source>
        <translation>或者从一幅画好的长卷开始</translation>
    </message>
    <message>
        <source>A handscroll in layers, painted anew each time (Ctrl+Alt+N)</source>
        <translation>分图层的长卷，每次重新绘制（Ctrl+Alt+N）</translation>
    </message>
    <message>
        <source>Click to try it</source>
        <translation>点击试试</translation>
    </message>
</context>
<context>
    <name>WorkBar</name>
    <message>
        <source>Stop this</source>
        <translation>停止此项</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>New</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>A new painting in a window of its own</source>
        <translation>在新窗口中新建一幅画</translation>
    </message>
    <message>
        <source>New Painted Scroll</source>
        <translation>新建画好的长卷</translation>
    </message>
    <message>
        <source>A handscroll painted for you, in layers: lasso it, repaint it, let it grow</source>
        <translation>为你画好的分层长卷：可以圈选、重绘，让它生长</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>Import Pictures…</source>
        <translation>导入图片…</translation>
    </message>
    <message>
        <source>Put picture files on the canvas, each as a layer of its own</source>
        <translation>把图片文件放到画布上，各成一个图层</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Open a painting (.scroll .ora .psd .kra) or a picture</source>
        <translation>打开画作（.scroll .ora .psd .kra）或图片</translation>
    </message>
    <message>
        <source>Write the frame, the selection, everything or each layer: PNG, JPEG, WebP, TIFF, PSD …</source>
        <translation>写出画框、选区、全部内容或每个图层：PNG、JPEG、WebP、TIFF、PSD……</translation>
    </message>
    <message>
        <source>Export Again</source>
        <translation>再次导出</translation>
    </message>
    <message>
        <source>Write the last export of this window once more, without asking</source>
        <translation>把本窗口上一次的导出再写一遍，不再询问</translation>
    </message>
    <message>
        <source>Time-Lapse…</source>
        <translation>缩时视频…</translation>
    </message>
    <message>
        <source>Write a film of how the painting came to be</source>
        <translation>把作画过程写成视频</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Everything is kept as you paint; this makes sure that it is on disk now</source>
        <translation>作画时一切都会自动保存；此操作确保现在已写入磁盘</translation>
    </message>
    <message>
        <source>Save As…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Give the painting a name and a place, and go on there</source>
        <translation>为画作取名并选择位置，然后在那里继续</translation>
    </message>
    <message>
        <source>Properties…</source>
        <translation>属性…</translation>
    </message>
    <message>
        <source>Where the file is, what takes its room, and what can be removed from it</source>
        <translation>文件在哪里、空间被什么占用、可以移除什么</translation>
    </message>
    <message>
        <source>Clear Recent Files</source>
        <translation>清除最近文件</translation>
    </message>
    <message>
        <source>Forget the list of recent files</source>
        <translation>清空最近文件列表</translation>
    </message>
    <message>
        <source>Close Window</source>
        <translation>关闭窗口</translation>
    </message>
    <message>
        <source>Close this painting; it is kept as it is</source>
        <translation>关闭这幅画；内容会原样保留</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Close all paintings; the next start opens them again</source>
        <translation>关闭所有画作；下次启动会再次打开</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Take the last step back</source>
        <translation>撤回上一步</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Do the step again that was taken back</source>
        <translation>重做撤回的一步</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>剪切</translation>
    </message>
    <message>
        <source>Move the selected pixels of this layer to the clipboard</source>
        <translation>把本图层选中的像素移到剪贴板</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the chosen layers, or the selected pixels of this one, to the clipboard</source>
        <translation>把所选图层，或本图层选中的像素复制到剪贴板</translation>
    </message>
    <message>
        <source>Copy as It Looks</source>
        <translation>合并复制</translation>
    </message>
    <message>
        <source>Copy the selection, or the frame, with all layers as one picture</source>
        <translation>把选区或画框里的所有图层复制为一张图片</translation>
    </message>
    <message>
        <source>Put the clipboard&apos;s layers or picture into the middle of the view</source>
        <translation>把剪贴板中的图层或图片放到视图中央</translation>
    </message>
    <message>
        <source>Paste in Place</source>
        <translation>原位粘贴</translation>
    </message>
    <message>
        <source>Put the clipboard&apos;s layers where they were copied</source>
        <translation>把剪贴板中的图层放回复制时的位置</translation>
    </message>
    <message>
        <source>Paste as New Painting</source>
        <translation>粘贴为新画作</translation>
    </message>
    <message>
        <source>Open the clipboard&apos;s layers or picture in a window of its own</source>
        <translation>在新窗口中打开剪贴板里的图层或图片</translation>
    </message>
    <message>
        <source>Layer from Copy</source>
        <translation>通过拷贝的图层</translation>
    </message>
    <message>
        <source>Put a copy of the selected pixels, or of the layer, on a new layer above</source>
        <translation>把选中的像素或整个图层复制到上方的新图层</translation>
    </message>
    <message>
        <source>Layer from Cut</source>
        <translation>通过剪切的图层</translation>
    </message>
    <message>
        <source>Move the selected pixels to a new layer above</source>
        <translation>把选中的像素移到上方的新图层</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Clear the selected pixels, or the whole layer</source>
        <translation>清除选中的像素，或整个图层</translation>
    </message>
    <message>
        <source>Fill with Colour</source>
        <translation>填充颜色</translation>
    </message>
    <message>
        <source>Fill the selection, or the frame, with the colour in hand</source>
        <translation>用当前颜色填充选区或画框</translation>
    </message>
    <message>
        <source>Flip Left and Right</source>
        <translation>水平翻转</translation>
    </message>
    <message>
        <source>Mirror the chosen layers, or the selected pixels</source>
        <translation>左右镜像所选图层，或选中的像素</translation>
    </message>
    <message>
        <source>Flip Top and Bottom</source>
        <translation>垂直翻转</translation>
    </message>
    <message>
        <source>Turn the chosen layers, or the selected pixels, upside down in a mirror</source>
        <translation>上下镜像所选图层，或选中的像素</translation>
    </message>
    <message>
        <source>Turn 90° Left</source>
        <translation>向左旋转 90°</translation>
    </message>
    <message>
        <source>Turn the chosen layers, or the selected pixels; every pixel is kept</source>
        <translation>旋转所选图层，或选中的像素；每个像素都会保留</translation>
    </message>
    <message>
        <source>Turn 90° Right</source>
        <translation>向右旋转 90°</translation>
    </message>
    <message>
        <source>Turn 180°</source>
        <translation>旋转 180°</translation>
    </message>
    <message>
        <source>Turn the chosen layers, or the selected pixels, upside down</source>
        <translation>把所选图层，或选中的像素倒转过来</translation>
    </message>
    <message>
        <source>Align Left</source>
        <translation>左对齐</translation>
    </message>
    <message>
        <source>Move the chosen layers to the left side of the selection, or of the frame</source>
        <translation>把所选图层移到选区或画框的左边</translation>
    </message>
    <message>
        <source>Align Centre</source>
        <translation>水平居中</translation>
    </message>
    <message>
        <source>Move the chosen layers sideways into the middle of the selection, or of the frame</source>
        <translation>把所选图层左右移到选区或画框的中间</translation>
    </message>
    <message>
        <source>Align Right</source>
        <translation>右对齐</translation>
    </message>
    <message>
        <source>Move the chosen layers to the right side of the selection, or of the frame</source>
        <translation>把所选图层移到选区或画框的右边</translation>
    </message>
    <message>
        <source>Align Top</source>
        <translation>顶对齐</translation>
    </message>
    <message>
        <source>Move the chosen layers to the top of the selection, or of the frame</source>
        <translation>把所选图层移到选区或画框的顶部</translation>
    </message>
    <message>
        <source>Align Middle</source>
        <translation>垂直居中</translation>
    </message>
    <message>
        <source>Move the chosen layers up or down into the middle of the selection, or of the frame</source>
        <translation>把所选图层上下移到选区或画框的中间</translation>
    </message>
    <message>
        <source>Align Bottom</source>
        <translation>底对齐</translation>
    </message>
    <message>
        <source>Move the chosen layers to the bottom of the selection, or of the frame</source>
        <translation>把所选图层移到选区或画框的底部</translation>
    </message>
    <message>
        <source>Distribute Sideways</source>
        <translation>水平分布</translation>
    </message>
    <message>
        <source>Give three or more chosen layers equal gaps from left to right</source>
        <translation>让三个或更多所选图层从左到右间隔相等</translation>
    </message>
    <message>
        <source>Distribute Up and Down</source>
        <translation>垂直分布</translation>
    </message>
    <message>
        <source>Give three or more chosen layers equal gaps from top to bottom</source>
        <translation>让三个或更多所选图层从上到下间隔相等</translation>
    </message>
    <message>
        <source>Nudge Left</source>
        <translation>向左微移</translation>
    </message>
    <message>
        <source>Move by one pixel</source>
        <translation>移动一个像素</translation>
    </message>
    <message>
        <source>Nudge Right</source>
        <translation>向右微移</translation>
    </message>
    <message>
        <source>Nudge Up</source>
        <translation>向上微移</translation>
    </message>
    <message>
        <source>Nudge Down</source>
        <translation>向下微移</translation>
    </message>
    <message>
        <source>Nudge Far Left</source>
        <translation>向左大步移动</translation>
    </message>
    <message>
        <source>Move by ten pixels</source>
        <translation>移动十个像素</translation>
    </message>
    <message>
        <source>Nudge Far Right</source>
        <translation>向右大步移动</translation>
    </message>
    <message>
        <source>Nudge Far Up</source>
        <translation>向上大步移动</translation>
    </message>
    <message>
        <source>Nudge Far Down</source>
        <translation>向下大步移动</translation>
    </message>
    <message>
        <source>Crop to Selection</source>
        <translation>裁剪到选区</translation>
    </message>
    <message>
        <source>Cut away everything outside the selection on all layers; the frame goes around it</source>
        <translation>裁去所有图层在选区以外的内容；画框会移到选区周围</translation>
    </message>
    <message>
        <source>Crop to Frame</source>
        <translation>裁剪到画框</translation>
    </message>
    <message>
        <source>Cut away everything outside the frame on all layers</source>
        <translation>裁去所有图层在画框以外的内容</translation>
    </message>
    <message>
        <source>Frame around Everything</source>
        <translation>画框框住全部内容</translation>
    </message>
    <message>
        <source>Put the frame tightly around everything painted</source>
        <translation>让画框紧贴画过的全部内容</translation>
    </message>
    <message>
        <source>Find an Action…</source>
        <translation>查找操作…</translation>
    </message>
    <message>
        <source>Search everything the program can do and run it</source>
        <translation>搜索并执行程序的任何操作</translation>
    </message>
    <message>
        <source>Preferences…</source>
        <translation>首选项…</translation>
    </message>
    <message>
        <source>Theme, language, undo memory, engine</source>
        <translation>主题、语言、撤销内存、引擎</translation>
    </message>
    <message>
        <source>Select Frame</source>
        <translation>选择画框</translation>
    </message>
    <message>
        <source>Select the whole frame</source>
        <translation>选中整个画框</translation>
    </message>
    <message>
        <source>Select Everything Painted</source>
        <translation>选中画过的全部内容</translation>
    </message>
    <message>
        <source>Select what is painted on any layer, as opaque as it is seen</source>
        <translation>选中任一图层上画过的内容，选中程度依所见的不透明度</translation>
    </message>
    <message>
        <source>Deselect</source>
        <translation>取消选择</translation>
    </message>
    <message>
        <source>Drop the selection</source>
        <translation>去掉选区</translation>
    </message>
    <message>
        <source>Reselect</source>
        <translation>重新选择</translation>
    </message>
    <message>
        <source>Select again what was selected last</source>
        <translation>再次选中上一次的选区</translation>
    </message>
    <message>
        <source>Invert Selection</source>
        <translation>反选</translation>
    </message>
    <message>
        <source>Select what is not selected, within the frame and the selection</source>
        <translation>在画框和选区范围内，选中未选的部分</translation>
    </message>
    <message>
        <source>Select from Layer</source>
        <translation>从图层建立选区</translation>
    </message>
    <message>
        <source>Select what is painted on this layer, or what this mask shows</source>
        <translation>选中本图层上画过的内容，或本蒙版显示的部分</translation>
    </message>
    <message>
        <source>Grow…</source>
        <translation>扩大…</translation>
    </message>
    <message>
        <source>Move the selection&apos;s edge outwards</source>
        <translation>把选区边缘向外移</translation>
    </message>
    <message>
        <source>Shrink…</source>
        <translation>缩小…</translation>
    </message>
    <message>
        <source>Move the selection&apos;s edge inwards</source>
        <translation>把选区边缘向内移</translation>
    </message>
    <message>
        <source>Make the selection&apos;s edge soft</source>
        <translation>让选区边缘变柔和</translation>
    </message>
    <message>
        <source>Feather…</source>
        <translation>羽化…</translation>
    </message>
    <message>
        <source>Smooth…</source>
        <translation>平滑…</translation>
    </message>
    <message>
        <source>Take corners, dents and specks out of the selection&apos;s edge</source>
        <translation>去掉选区边缘的尖角、凹陷和碎点</translation>
    </message>
    <message>
        <source>Border…</source>
        <translation>边界…</translation>
    </message>
    <message>
        <source>Select only a band along the edge</source>
        <translation>只选中沿边缘的一条带</translation>
    </message>
    <message>
        <source>New Shapes Replace</source>
        <translation>新形状替换选区</translation>
    </message>
    <message>
        <source>A new shape takes the selection&apos;s place</source>
        <translation>新形状取代原有选区</translation>
    </message>
    <message>
        <source>New Shapes Add</source>
        <translation>新形状添加到选区</translation>
    </message>
    <message>
        <source>A new shape is added to the selection (Shift while drawing)</source>
        <translation>新形状添加到选区（绘制时按 Shift）</translation>
    </message>
    <message>
        <source>New Shapes Take Away</source>
        <translation>新形状从选区减去</translation>
    </message>
    <message>
        <source>A new shape is taken away from the selection (Alt while drawing)</source>
        <translation>从选区中减去新形状（绘制时按 Alt）</translation>
    </message>
    <message>
        <source>New Shapes Intersect</source>
        <translation>新形状与选区相交</translation>
    </message>
    <message>
        <source>Only what is in the selection and in the new shape stays (Shift+Alt while drawing)</source>
        <translation>只保留选区与新形状共有的部分（绘制时按 Shift+Alt）</translation>
    </message>
    <message>
        <source>Save Selection…</source>
        <translation>保存选区…</translation>
    </message>
    <message>
        <source>Keep the selection under a name</source>
        <translation>给选区取个名称并保存</translation>
    </message>
    <message>
        <source>Saved Selections…</source>
        <translation>已保存的选区…</translation>
    </message>
    <message>
        <source>Load or delete selections that were kept under a name</source>
        <translation>载入或删除按名称保存的选区</translation>
    </message>
    <message>
        <source>Quick Mask</source>
        <translation>快速蒙版</translation>
    </message>
    <message>
        <source>See what is not selected under a red film, and paint the selection with brush and eraser</source>
        <translation>未选中的部分盖上红膜，可用笔刷和橡皮来画选区</translation>
    </message>
    <message>
        <source>Selection Outline</source>
        <translation>选区轮廓</translation>
    </message>
    <message>
        <source>Show or hide the outline; the selection stays</source>
        <translation>显示或隐藏轮廓；选区不变</translation>
    </message>
    <message>
        <source>Frame around Selection</source>
        <translation>画框框住选区</translation>
    </message>
    <message>
        <source>Put the frame around the selection</source>
        <translation>把画框移到选区周围</translation>
    </message>
    <message>
        <source>Move Selection Left</source>
        <translation>选区左移</translation>
    </message>
    <message>
        <source>Move the outline a pixel to the left</source>
        <translation>轮廓左移一个像素</translation>
    </message>
    <message>
        <source>Move Selection Right</source>
        <translation>选区右移</translation>
    </message>
    <message>
        <source>Move the outline a pixel to the right</source>
        <translation>轮廓右移一个像素</translation>
    </message>
    <message>
        <source>Move Selection Up</source>
        <translation>选区上移</translation>
    </message>
    <message>
        <source>Move the outline a pixel up</source>
        <translation>轮廓上移一个像素</translation>
    </message>
    <message>
        <source>Move Selection Down</source>
        <translation>选区下移</translation>
    </message>
    <message>
        <source>Move the outline a pixel down</source>
        <translation>轮廓下移一个像素</translation>
    </message>
    <message>
        <source>Move Selection Far Left</source>
        <translation>选区大步左移</translation>
    </message>
    <message>
        <source>Move the outline ten pixels to the left</source>
        <translation>轮廓左移十个像素</translation>
    </message>
    <message>
        <source>Move Selection Far Right</source>
        <translation>选区大步右移</translation>
    </message>
    <message>
        <source>Move the outline ten pixels to the right</source>
        <translation>轮廓右移十个像素</translation>
    </message>
    <message>
        <source>Move Selection Far Up</source>
        <translation>选区大步上移</translation>
    </message>
    <message>
        <source>Move the outline ten pixels up</source>
        <translation>轮廓上移十个像素</translation>
    </message>
    <message>
        <source>Move Selection Far Down</source>
        <translation>选区大步下移</translation>
    </message>
    <message>
        <source>Move the outline ten pixels down</source>
        <translation>轮廓下移十个像素</translation>
    </message>
    <message>
        <source>New Layer</source>
        <translation>新建图层</translation>
    </message>
    <message>
        <source>A new empty layer above this one</source>
        <translation>在本图层上方新建空图层</translation>
    </message>
    <message>
        <source>New Group</source>
        <translation>新建图层组</translation>
    </message>
    <message>
        <source>Duplicate Layer</source>
        <translation>复制图层</translation>
    </message>
    <message>
        <source>Delete Layer</source>
        <translation>删除图层</translation>
    </message>
    <message>
        <source>Merge Down</source>
        <translation>向下合并</translation>
    </message>
    <message>
        <source>Make this layer one with the layer below</source>
        <translation>把本图层与下方图层合为一层</translation>
    </message>
    <message>
        <source>Rename Layer</source>
        <translation>重命名图层</translation>
    </message>
    <message>
        <source>Put the chosen layers into a new group</source>
        <translation>把所选图层放进新的图层组</translation>
    </message>
    <message>
        <source>Ungroup</source>
        <translation>取消编组</translation>
    </message>
    <message>
        <source>Take the layers out of this group, and the group away</source>
        <translation>把图层移出本组，并去掉这个组</translation>
    </message>
    <message>
        <source>A copy of each chosen layer, above it</source>
        <translation>为每个所选图层在其上方建一个副本</translation>
    </message>
    <message>
        <source>Take the chosen layers out of the painting</source>
        <translation>从画作中删去所选图层</translation>
    </message>
    <message>
        <source>Give this layer another name</source>
        <translation>给本图层换个名字</translation>
    </message>
    <message>
        <source>Show or Hide Layer</source>
        <translation>显示或隐藏图层</translation>
    </message>
    <message>
        <source>Hide the chosen layers, or show them again</source>
        <translation>隐藏所选图层，或重新显示</translation>
    </message>
    <message>
        <source>Show Only This Layer</source>
        <translation>只显示本图层</translation>
    </message>
    <message>
        <source>Hide all other layers; again brings them back</source>
        <translation>隐藏其他所有图层；再次执行可恢复显示</translation>
    </message>
    <message>
        <source>Lock Layer</source>
        <translation>锁定图层</translation>
    </message>
    <message>
        <source>Protect the chosen layers from changes</source>
        <translation>保护所选图层不被改动</translation>
    </message>
    <message>
        <source>Lock Transparent Pixels</source>
        <translation>锁定透明像素</translation>
    </message>
    <message>
        <source>Paint only where something is painted already</source>
        <translation>只在已有内容的地方作画</translation>
    </message>
    <message>
        <source>Clip to Layer Below</source>
        <translation>剪贴到下方图层</translation>
    </message>
    <message>
        <source>Show this layer only where the layer below it has something</source>
        <translation>只在下方图层有内容的地方显示本图层</translation>
    </message>
    <message>
        <source>Add Mask</source>
        <translation>添加蒙版</translation>
    </message>
    <message>
        <source>A mask that shows what is selected, or everything if nothing is; paint on it to hide</source>
        <translation>显示选区内容的蒙版，没有选区则全部显示；在上面绘画可以遮住</translation>
    </message>
    <message>
        <source>Mask That Shows All</source>
        <translation>全部显示的蒙版</translation>
    </message>
    <message>
        <source>A white mask: painting on it hides</source>
        <translation>白色蒙版：在上面绘画会遮住</translation>
    </message>
    <message>
        <source>Mask That Hides All</source>
        <translation>全部隐藏的蒙版</translation>
    </message>
    <message>
        <source>A black mask: painting on it shows</source>
        <translation>黑色蒙版：在上面绘画会显示</translation>
    </message>
    <message>
        <source>Mask from Selection</source>
        <translation>从选区建立蒙版</translation>
    </message>
    <message>
        <source>A mask that shows what is selected</source>
        <translation>只显示选区内容的蒙版</translation>
    </message>
    <message>
        <source>Paint on Mask</source>
        <translation>在蒙版上绘画</translation>
    </message>
    <message>
        <source>Work on the mask of this layer, or on the layer itself again</source>
        <translation>转到本图层的蒙版上作画，或回到图层本身</translation>
    </message>
    <message>
        <source>Mask Off</source>
        <translation>停用蒙版</translation>
    </message>
    <message>
        <source>Switch the mask off for a while, or on again</source>
        <translation>暂时停用蒙版，或重新启用</translation>
    </message>
    <message>
        <source>Invert Mask</source>
        <translation>反相蒙版</translation>
    </message>
    <message>
        <source>Show what was hidden, hide what was shown</source>
        <translation>显示原先隐藏的，隐藏原先显示的</translation>
    </message>
    <message>
        <source>Apply Mask</source>
        <translation>应用蒙版</translation>
    </message>
    <message>
        <source>Take what the mask hides out of the layer&apos;s pixels, and the mask away</source>
        <translation>从图层像素中去掉蒙版遮住的部分，并移除蒙版</translation>
    </message>
    <message>
        <source>Remove Mask</source>
        <translation>移除蒙版</translation>
    </message>
    <message>
        <source>Take the mask away; all of the layer is seen</source>
        <translation>去掉蒙版，显示整个图层</translation>
    </message>
    <message>
        <source>New Levels</source>
        <translation>新建色阶</translation>
    </message>
    <message>
        <source>An adjustment layer: black point, white point and middle of what is below</source>
        <translation>调整图层：设置下方画面的黑场、白场和中间调</translation>
    </message>
    <message>
        <source>New Curves</source>
        <translation>新建曲线</translation>
    </message>
    <message>
        <source>An adjustment layer: bend the tones of what is below, all or one channel</source>
        <translation>调整图层：弯曲下方画面的色调，可选全部或单个通道</translation>
    </message>
    <message>
        <source>New Hue and Saturation</source>
        <translation>新建色相/饱和度</translation>
    </message>
    <message>
        <source>An adjustment layer: turn hues, strengthen or weaken colour, colorize</source>
        <translation>调整图层：改变色相，增强或减弱颜色，或着色</translation>
    </message>
    <message>
        <source>New Brightness and Contrast</source>
        <translation>新建亮度/对比度</translation>
    </message>
    <message>
        <source>An adjustment layer: lighter or darker, harder or softer</source>
        <translation>调整图层：更亮或更暗，更强烈或更柔和</translation>
    </message>
    <message>
        <source>Change Adjustment…</source>
        <translation>更改调整…</translation>
    </message>
    <message>
        <source>Open the panel with the sliders of this adjustment layer</source>
        <translation>打开这个调整图层的滑块面板</translation>
    </message>
    <message>
        <source>Merge Chosen Layers</source>
        <translation>合并选中图层</translation>
    </message>
    <message>
        <source>Make the chosen layers, or all of this group, one layer</source>
        <translation>把选中的图层，或整个图层组，合为一层</translation>
    </message>
    <message>
        <source>Merge Visible</source>
        <translation>合并可见图层</translation>
    </message>
    <message>
        <source>Make all layers that are shown one; hidden ones stay</source>
        <translation>把所有显示的图层合为一层，隐藏的保留</translation>
    </message>
    <message>
        <source>Flatten</source>
        <translation>拼合图像</translation>
    </message>
    <message>
        <source>Make the whole painting one layer; hidden layers go</source>
        <translation>把整幅画合为一层，隐藏的图层会被丢弃</translation>
    </message>
    <message>
        <source>New Layer from Visible</source>
        <translation>从可见内容新建图层</translation>
    </message>
    <message>
        <source>A new layer at the top that holds what is seen; the others stay</source>
        <translation>在最上方新建图层，内容为所见画面；其他图层保留</translation>
    </message>
    <message>
        <source>Move the chosen layers one place up</source>
        <translation>把选中的图层上移一层</translation>
    </message>
    <message>
        <source>Move the chosen layers one place down</source>
        <translation>把选中的图层下移一层</translation>
    </message>
    <message>
        <source>Layer to Top</source>
        <translation>图层置顶</translation>
    </message>
    <message>
        <source>Move the chosen layers above all others</source>
        <translation>把选中的图层移到所有图层之上</translation>
    </message>
    <message>
        <source>Layer to Bottom</source>
        <translation>图层置底</translation>
    </message>
    <message>
        <source>Move the chosen layers below all others</source>
        <translation>把选中的图层移到所有图层之下</translation>
    </message>
    <message>
        <source>Layer Above</source>
        <translation>上方图层</translation>
    </message>
    <message>
        <source>Work on the layer above this one</source>
        <translation>转到上方的图层作画</translation>
    </message>
    <message>
        <source>Layer Below</source>
        <translation>下方图层</translation>
    </message>
    <message>
        <source>Work on the layer below this one</source>
        <translation>转到下方的图层作画</translation>
    </message>
    <message>
        <source>Raise Layer</source>
        <translation>上移图层</translation>
    </message>
    <message>
        <source>Lower Layer</source>
        <translation>下移图层</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>笔刷</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>绘画</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>橡皮</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>擦除</translation>
    </message>
    <message>
        <source>Smudge</source>
        <translation>涂抹</translation>
    </message>
    <message>
        <source>Drag paint along, as with a finger</source>
        <translation>像用手指一样把颜料推开</translation>
    </message>
    <message>
        <source>Clone</source>
        <translation>仿制</translation>
    </message>
    <message>
        <source>Paint with what is somewhere else (Alt+click says where from)</source>
        <translation>用别处的画面作画（Alt+点击指定来源）</translation>
    </message>
    <message>
        <source>Eyedropper</source>
        <translation>吸管</translation>
    </message>
    <message>
        <source>Take a colour from the canvas</source>
        <translation>从画布上吸取颜色</translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation>套索</translation>
    </message>
    <message>
        <source>Draw around what should change, then type (Shift adds, Alt takes away)</source>
        <translation>圈出要改的地方，然后输入文字（Shift 添加，Alt 减去）</translation>
    </message>
    <message>
        <source>Rectangle Selection</source>
        <translation>矩形选区</translation>
    </message>
    <message>
        <source>Select a rectangle, then type (Shift adds, Alt takes away)</source>
        <translation>选中一个矩形，然后输入文字（Shift 添加，Alt 减去）</translation>
    </message>
    <message>
        <source>Polygon Lasso</source>
        <translation>多边形套索</translation>
    </message>
    <message>
        <source>Select with straight sides: a click for every corner, Enter closes</source>
        <translation>用直边选取：每个拐角点击一次，Enter 闭合</translation>
    </message>
    <message>
        <source>Magnetic Lasso</source>
        <translation>磁性套索</translation>
    </message>
    <message>
        <source>Follow an edge roughly, and the outline keeps to it; Enter closes</source>
        <translation>大致沿边缘移动，轮廓会贴合边缘；Enter 闭合</translation>
    </message>
    <message>
        <source>Ellipse Selection</source>
        <translation>椭圆选区</translation>
    </message>
    <message>
        <source>Select an ellipse (Ctrl makes a circle, Shift adds, Alt takes away)</source>
        <translation>选中一个椭圆（Ctrl 画正圆，Shift 添加，Alt 减去）</translation>
    </message>
    <message>
        <source>Magic Wand</source>
        <translation>魔棒</translation>
    </message>
    <message>
        <source>Select the area of like colour around a click</source>
        <translation>选中点击处周围颜色相近的区域</translation>
    </message>
    <message>
        <source>Select by Colour</source>
        <translation>按颜色选择</translation>
    </message>
    <message>
        <source>Select everything that has the colour of a click</source>
        <translation>选中所有与点击处颜色相同的部分</translation>
    </message>
    <message>
        <source>Selection Brush</source>
        <translation>选区笔刷</translation>
    </message>
    <message>
        <source>Paint what is selected (Alt takes away)</source>
        <translation>用笔刷涂出选区（Alt 减去）</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>Fill an area with the colour (Shift: the whole selection, or the frame)</source>
        <translation>用当前颜色填充区域（Shift：整个选区或画框）</translation>
    </message>
    <message>
        <source>Gradient</source>
        <translation>渐变</translation>
    </message>
    <message>
        <source>Lead from one colour to another, over the selection or the frame</source>
        <translation>在选区或画框内从一种颜色过渡到另一种</translation>
    </message>
    <message>
        <source>Shapes</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Draw lines, rectangles, ellipses, polygons and stars</source>
        <translation>绘制直线、矩形、椭圆、多边形和星形</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Write on the canvas</source>
        <translation>在画布上写字</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>画框</translation>
    </message>
    <message>
        <source>Move and resize the frame: the place that is generated</source>
        <translation>移动画框或改变大小：它就是生成画面的地方</translation>
    </message>
    <message>
        <source>Draw the line along which the painting grows, window by window</source>
        <translation>画一条线，让画面沿着它逐个窗口块地延伸</translation>
    </message>
    <message>
        <source>Extend</source>
        <translation>延展</translation>
    </message>
    <message>
        <source>Draw past the edge of the picture: it grows where the stroke lies over empty canvas</source>
        <translation>画到画面边缘之外：笔触落在空白画布上的地方，画面会向那里扩展</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>Move the chosen layers or the selected pixels (Ctrl: what is under the pointer, Alt: a copy)</source>
        <translation>移动选中的图层或选中的像素（Ctrl：指针下的内容，Alt：副本）</translation>
    </message>
    <message>
        <source>Scale, turn, shear and bend the chosen layers or the selected pixels</source>
        <translation>缩放、旋转、斜切和弯曲选中的图层或选中的像素</translation>
    </message>
    <message>
        <source>Hand</source>
        <translation>抓手</translation>
    </message>
    <message>
        <source>Move the view (hold Space with any tool)</source>
        <translation>移动视图（使用任何工具时可按住空格）</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Click to look nearer, Alt or right click further; drag around what to see</source>
        <translation>点击放大，按住 Alt 点击或右键点击缩小；拖动框出要看的部分</translation>
    </message>
    <message>
        <source>Symmetry Left and Right</source>
        <translation>左右对称</translation>
    </message>
    <message>
        <source>Paint every stroke mirrored to the other side as well</source>
        <translation>每一笔同时镜像到另一侧</translation>
    </message>
    <message>
        <source>Symmetry Above and Below</source>
        <translation>上下对称</translation>
    </message>
    <message>
        <source>Paint every stroke mirrored above and below as well</source>
        <translation>每一笔同时上下镜像</translation>
    </message>
    <message>
        <source>Symmetry in Four Corners</source>
        <translation>四角对称</translation>
    </message>
    <message>
        <source>Paint every stroke mirrored to both sides as well</source>
        <translation>每一笔同时向上下和左右镜像</translation>
    </message>
    <message>
        <source>Symmetry Around the Centre</source>
        <translation>环绕中心对称</translation>
    </message>
    <message>
        <source>Paint every stroke several times around the centre</source>
        <translation>每一笔围绕中心重复多次</translation>
    </message>
    <message>
        <source>Centre of Symmetry Here</source>
        <translation>对称中心移到此处</translation>
    </message>
    <message>
        <source>Put the centre of the symmetry at the pointer</source>
        <translation>把对称中心放到指针处</translation>
    </message>
    <message>
        <source>Centre of Symmetry in the Frame</source>
        <translation>对称中心移到画框中间</translation>
    </message>
    <message>
        <source>Put the centre of the symmetry into the middle of the frame</source>
        <translation>把对称中心放到画框正中</translation>
    </message>
    <message>
        <source>Larger Brush</source>
        <translation>放大笔刷</translation>
    </message>
    <message>
        <source>Make the brush larger</source>
        <translation>让笔刷变大</translation>
    </message>
    <message>
        <source>Smaller Brush</source>
        <translation>缩小笔刷</translation>
    </message>
    <message>
        <source>Make the brush smaller</source>
        <translation>让笔刷变小</translation>
    </message>
    <message>
        <source>Harder Brush</source>
        <translation>笔刷变硬</translation>
    </message>
    <message>
        <source>Make the brush&apos;s edge harder</source>
        <translation>让笔刷边缘更硬</translation>
    </message>
    <message>
        <source>Softer Brush</source>
        <translation>笔刷变软</translation>
    </message>
    <message>
        <source>Make the brush&apos;s edge softer</source>
        <translation>让笔刷边缘更软</translation>
    </message>
    <message>
        <source>Adjust Brush on the Canvas</source>
        <translation>在画布上调整笔刷</translation>
    </message>
    <message>
        <source>Move sideways for the size, up and down for the hardness (Shift: opacity); hold F, or Alt and the right button</source>
        <translation>左右移动调大小，上下移动调硬度（Shift：不透明度）；按住 F，或按住 Alt 和右键</translation>
    </message>
    <message>
        <source>Pop-up Palette</source>
        <translation>弹出式调色盘</translation>
    </message>
    <message>
        <source>Colour, presets and size at the pointer (right click with a painting tool, too)</source>
        <translation>在指针处显示颜色、预设和大小（使用绘画工具时也可点击右键）</translation>
    </message>
    <message>
        <source>Next Preset</source>
        <translation>下一个预设</translation>
    </message>
    <message>
        <source>Take the next brush preset of the list</source>
        <translation>换用列表中的下一个笔刷预设</translation>
    </message>
    <message>
        <source>Previous Preset</source>
        <translation>上一个预设</translation>
    </message>
    <message>
        <source>Take the brush preset before it in the list</source>
        <translation>换用列表中的上一个笔刷预设</translation>
    </message>
    <message>
        <source>Reset Brush</source>
        <translation>重置笔刷</translation>
    </message>
    <message>
        <source>Make the brush what its preset says</source>
        <translation>让笔刷恢复为预设的设置</translation>
    </message>
    <message>
        <source>Save Brush as Preset</source>
        <translation>将笔刷存为预设</translation>
    </message>
    <message>
        <source>Keep the brush in hand as a new preset</source>
        <translation>把当前笔刷保存为新预设</translation>
    </message>
    <message>
        <source>Import Presets…</source>
        <translation>导入预设…</translation>
    </message>
    <message>
        <source>Add the brush presets of a file</source>
        <translation>添加文件中的笔刷预设</translation>
    </message>
    <message>
        <source>Export Presets…</source>
        <translation>导出预设…</translation>
    </message>
    <message>
        <source>Write the brush presets that the panel shows into a file</source>
        <translation>把面板中显示的笔刷预设写入文件</translation>
    </message>
    <message>
        <source>Swap Colours</source>
        <translation>交换颜色</translation>
    </message>
    <message>
        <source>Swap the colour with the one before it</source>
        <translation>与备用颜色交换</translation>
    </message>
    <message>
        <source>Black and White</source>
        <translation>黑与白</translation>
    </message>
    <message>
        <source>Paint black, with white in reserve</source>
        <translation>用黑色作画，白色备用</translation>
    </message>
    <message>
        <source>Add Colour to Swatches</source>
        <translation>添加颜色到色板</translation>
    </message>
    <message>
        <source>Keep the colour in hand in the colour panel</source>
        <translation>把当前颜色保存到颜色面板</translation>
    </message>
    <message>
        <source>Zoom In</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>See it larger</source>
        <translation>看得更大</translation>
    </message>
    <message>
        <source>Zoom Out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>See more of it</source>
        <translation>看到更多</translation>
    </message>
    <message>
        <source>Fit Painting</source>
        <translation>适合画作</translation>
    </message>
    <message>
        <source>Show everything that is painted, and the frame</source>
        <translation>显示画过的全部内容和画框</translation>
    </message>
    <message>
        <source>Fit Frame</source>
        <translation>适合画框</translation>
    </message>
    <message>
        <source>Show the frame as large as it fits</source>
        <translation>让画框尽量占满视图</translation>
    </message>
    <message>
        <source>Actual Pixels</source>
        <translation>实际像素</translation>
    </message>
    <message>
        <source>One pixel of the painting is one of the screen</source>
        <translation>画面的一个像素就是屏幕的一个像素</translation>
    </message>
    <message>
        <source>Fit Selection</source>
        <translation>适合选区</translation>
    </message>
    <message>
        <source>Show what is selected as large as it fits</source>
        <translation>让选区内容尽量占满视图</translation>
    </message>
    <message>
        <source>Twice as Large</source>
        <translation>放大到两倍</translation>
    </message>
    <message>
        <source>See the painting at 200 %</source>
        <translation>以 200 % 查看画面</translation>
    </message>
    <message>
        <source>Half as Large</source>
        <translation>缩小到一半</translation>
    </message>
    <message>
        <source>See the painting at 50 %</source>
        <translation>以 50 % 查看画面</translation>
    </message>
    <message>
        <source>Rotate Left</source>
        <translation>向左旋转</translation>
    </message>
    <message>
        <source>Turn the view 15° to the left</source>
        <translation>视图向左转 15°</translation>
    </message>
    <message>
        <source>Rotate Right</source>
        <translation>向右旋转</translation>
    </message>
    <message>
        <source>Turn the view 15° to the right</source>
        <translation>视图向右转 15°</translation>
    </message>
    <message>
        <source>Reset Rotation</source>
        <translation>复位旋转</translation>
    </message>
    <message>
        <source>Turn the view upright again</source>
        <translation>让视图回正</translation>
    </message>
    <message>
        <source>Mirror View</source>
        <translation>镜像视图</translation>
    </message>
    <message>
        <source>See the painting mirrored; nothing is changed</source>
        <translation>镜像查看画面；内容不变</translation>
    </message>
    <message>
        <source>Pixel Grid</source>
        <translation>像素网格</translation>
    </message>
    <message>
        <source>Show the edges of the pixels from 800 % on</source>
        <translation>从 800 % 起显示像素的边缘</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>Show a grid; its spacing is in the preferences</source>
        <translation>显示网格；间距在首选项中设置</translation>
    </message>
    <message>
        <source>Rulers</source>
        <translation>标尺</translation>
    </message>
    <message>
        <source>Show rulers; guides are dragged out of them</source>
        <translation>显示标尺；可从标尺拖出参考线</translation>
    </message>
    <message>
        <source>Guides</source>
        <translation>参考线</translation>
    </message>
    <message>
        <source>Show the guides</source>
        <translation>显示参考线</translation>
    </message>
    <message>
        <source>Lock Guides</source>
        <translation>锁定参考线</translation>
    </message>
    <message>
        <source>Guides cannot be moved or added</source>
        <translation>不能移动或添加参考线</translation>
    </message>
    <message>
        <source>Add Horizontal Guide</source>
        <translation>添加水平参考线</translation>
    </message>
    <message>
        <source>Put a guide from left to right through the pointer</source>
        <translation>在指针处放一条从左到右的参考线</translation>
    </message>
    <message>
        <source>Add Vertical Guide</source>
        <translation>添加垂直参考线</translation>
    </message>
    <message>
        <source>Put a guide from top to bottom through the pointer</source>
        <translation>在指针处放一条从上到下的参考线</translation>
    </message>
    <message>
        <source>Clear Guides</source>
        <translation>清除参考线</translation>
    </message>
    <message>
        <source>Take all guides away</source>
        <translation>移除所有参考线</translation>
    </message>
    <message>
        <source>See What the Model Sees</source>
        <translation>查看模型所见</translation>
    </message>
    <message>
        <source>Show region, fill, soft mask and rim of what would be painted, and what it takes</source>
        <translation>显示将要绘制的区域、填充、柔和蒙版和边缘，以及所需的开销</translation>
    </message>
    <message>
        <source>Region and Rim by Themselves</source>
        <translation>自动设定区域和边缘</translation>
    </message>
    <message>
        <source>Region and rim follow from the selection again, whatever was dragged</source>
        <translation>区域和边缘重新跟随选区，不论之前如何拖动</translation>
    </message>
    <message>
        <source>Close What the Model Sees</source>
        <translation>关闭“模型所见”</translation>
    </message>
    <message>
        <source>Canvas Only</source>
        <translation>仅画布</translation>
    </message>
    <message>
        <source>Hide everything but the painting</source>
        <translation>隐藏画面以外的一切</translation>
    </message>
    <message>
        <source>Prompt Panel</source>
        <translation>提示词面板</translation>
    </message>
    <message>
        <source>Show or hide the prompt panel</source>
        <translation>显示或隐藏提示词面板</translation>
    </message>
    <message>
        <source>Regions Panel</source>
        <translation>提示区域面板</translation>
    </message>
    <message>
        <source>Show or hide the regions: places with words of their own</source>
        <translation>显示或隐藏提示区域：各有自己提示词的地方</translation>
    </message>
    <message>
        <source>Tool Options</source>
        <translation>工具选项</translation>
    </message>
    <message>
        <source>Show or hide the bar with the options of the tool in hand</source>
        <translation>显示或隐藏当前工具的选项栏</translation>
    </message>
    <message>
        <source>Layers Panel</source>
        <translation>图层面板</translation>
    </message>
    <message>
        <source>Show or hide the layers panel</source>
        <translation>显示或隐藏图层面板</translation>
    </message>
    <message>
        <source>Adjustment Panel</source>
        <translation>调整面板</translation>
    </message>
    <message>
        <source>Show or hide the panel of the chosen adjustment layer</source>
        <translation>显示或隐藏所选调整图层的面板</translation>
    </message>
    <message>
        <source>Brush Panel</source>
        <translation>笔刷面板</translation>
    </message>
    <message>
        <source>Show or hide the brush panel</source>
        <translation>显示或隐藏笔刷面板</translation>
    </message>
    <message>
        <source>Presets Panel</source>
        <translation>预设面板</translation>
    </message>
    <message>
        <source>Show or hide the brush presets</source>
        <translation>显示或隐藏笔刷预设</translation>
    </message>
    <message>
        <source>Colour Panel</source>
        <translation>颜色面板</translation>
    </message>
    <message>
        <source>Show or hide the colour panel</source>
        <translation>显示或隐藏颜色面板</translation>
    </message>
    <message>
        <source>History Panel</source>
        <translation>历史面板</translation>
    </message>
    <message>
        <source>Show or hide the history of generations</source>
        <translation>显示或隐藏生成历史</translation>
    </message>
    <message>
        <source>Undo History Panel</source>
        <translation>撤销历史面板</translation>
    </message>
    <message>
        <source>Show or hide the list of steps to undo</source>
        <translation>显示或隐藏可撤销步骤的列表</translation>
    </message>
    <message>
        <source>Queue Panel</source>
        <translation>队列面板</translation>
    </message>
    <message>
        <source>Show or hide the queue of jobs</source>
        <translation>显示或隐藏任务队列</translation>
    </message>
    <message>
        <source>Navigator Panel</source>
        <translation>导航器面板</translation>
    </message>
    <message>
        <source>Show or hide the small picture of the whole painting</source>
        <translation>显示或隐藏整幅画的缩略图</translation>
    </message>
    <message>
        <source>Default Layout</source>
        <translation>默认布局</translation>
    </message>
    <message>
        <source>Put all panels back to where they were at first</source>
        <translation>把所有面板放回最初的位置</translation>
    </message>
    <message>
        <source>Dark Theme</source>
        <translation>深色主题</translation>
    </message>
    <message>
        <source>Dark surroundings</source>
        <translation>深色界面</translation>
    </message>
    <message>
        <source>Light Theme</source>
        <translation>浅色主题</translation>
    </message>
    <message>
        <source>Light surroundings</source>
        <translation>浅色界面</translation>
    </message>
    <message>
        <source>Language of the System</source>
        <translation>系统语言</translation>
    </message>
    <message>
        <source>Use the system&apos;s language</source>
        <translation>使用系统的语言</translation>
    </message>
    <message>
        <source>Keep Candidate</source>
        <translation>保留候选图</translation>
    </message>
    <message>
        <source>Keep the shown picture as a new layer</source>
        <translation>把显示的图片保留为新图层</translation>
    </message>
    <message>
        <source>Keep in Current Layer</source>
        <translation>保留到当前图层</translation>
    </message>
    <message>
        <source>Make the shown picture a part of the layer that is worked on</source>
        <translation>把显示的图片并入当前图层</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Paint what the wide button says: the selection or the frame</source>
        <translation>执行大按钮所示的操作：选区或画框</translation>
    </message>
    <message>
        <source>Drop Candidates</source>
        <translation>丢弃候选图</translation>
    </message>
    <message>
        <source>Take the candidates off the canvas; the history keeps them</source>
        <translation>从画布上取走候选图；历史中仍会保留</translation>
    </message>
    <message>
        <source>Next Candidate</source>
        <translation>下一张候选图</translation>
    </message>
    <message>
        <source>Show the next picture of the batch</source>
        <translation>显示同批的下一张</translation>
    </message>
    <message>
        <source>Previous Candidate</source>
        <translation>上一张候选图</translation>
    </message>
    <message>
        <source>Show the picture of the batch before this one</source>
        <translation>显示同批的上一张</translation>
    </message>
    <message>
        <source>Again</source>
        <translation>再来一批</translation>
    </message>
    <message>
        <source>Another batch of the same with a new seed</source>
        <translation>换新种子，同样的设置再来一批</translation>
    </message>
    <message>
        <source>Candidates Elsewhere</source>
        <translation>别处的候选图</translation>
    </message>
    <message>
        <source>Decide about the candidates of another place first</source>
        <translation>先决定另一处候选图的去留</translation>
    </message>
    <message>
        <source>Always Keep in Current Layer</source>
        <translation>始终保留到当前图层</translation>
    </message>
    <message>
        <source>Enter makes a candidate a part of the layer that is worked on, instead of a new layer</source>
        <translation>按 Enter 时把候选图并入当前图层，而不是新建图层</translation>
    </message>
    <message>
        <source>Cancel Job</source>
        <translation>取消任务</translation>
    </message>
    <message>
        <source>Cancel this painting&apos;s newest job</source>
        <translation>取消这幅画最新的任务</translation>
    </message>
    <message>
        <source>Decide by the Picture</source>
        <translation>由画面决定</translation>
    </message>
    <message>
        <source>Frame, selection and what is painted decide what is generated</source>
        <translation>由画框、选区和已有画面决定生成方式</translation>
    </message>
    <message>
        <source>Text to Image</source>
        <translation>文生图</translation>
    </message>
    <message>
        <source>Always paint from the words alone</source>
        <translation>始终只依文字作画</translation>
    </message>
    <message>
        <source>Image to Image</source>
        <translation>图生图</translation>
    </message>
    <message>
        <source>Always repaint what the selection or the frame holds</source>
        <translation>始终重绘选区或画框里的内容</translation>
    </message>
    <message>
        <source>Always grow into the selection, or the empty part of the frame</source>
        <translation>始终扩展到选区，或画框的空白部分</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Always take away what is selected and close the gap from around it, without words</source>
        <translation>始终去掉选中的内容，并用周围画面补上空缺，不用文字</translation>
    </message>
    <message>
        <source>Replace Background</source>
        <translation>替换背景</translation>
    </message>
    <message>
        <source>Always keep what is selected and repaint the rest of the frame</source>
        <translation>始终保留选中的内容，重绘画框里的其余部分</translation>
    </message>
    <message>
        <source>Expand to the Left</source>
        <translation>向左扩展</translation>
    </message>
    <message>
        <source>Move the frame out of the picture to the left, and paint what is empty in it</source>
        <translation>把画框向左移出画面，并绘制其中的空白</translation>
    </message>
    <message>
        <source>Expand to the Right</source>
        <translation>向右扩展</translation>
    </message>
    <message>
        <source>Move the frame out of the picture to the right, and paint what is empty in it</source>
        <translation>把画框向右移出画面，并绘制其中的空白</translation>
    </message>
    <message>
        <source>Expand Upwards</source>
        <translation>向上扩展</translation>
    </message>
    <message>
        <source>Move the frame out of the picture upwards, and paint what is empty in it</source>
        <translation>把画框向上移出画面，并绘制其中的空白</translation>
    </message>
    <message>
        <source>Expand Downwards</source>
        <translation>向下扩展</translation>
    </message>
    <message>
        <source>Move the frame out of the picture downwards, and paint what is empty in it</source>
        <translation>把画框向下移出画面，并绘制其中的空白</translation>
    </message>
    <message>
        <source>Arrows at the Frame</source>
        <translation>画框箭头</translation>
    </message>
    <message>
        <source>Show arrows at the frame&apos;s edges, where the picture can grow</source>
        <translation>在画框边上可以扩展画面的地方显示箭头</translation>
    </message>
    <message>
        <source>Inpaint</source>
        <translation>局部重绘</translation>
    </message>
    <message>
        <source>Always repaint the selection</source>
        <translation>始终重绘选区</translation>
    </message>
    <message>
        <source>Outpaint</source>
        <translation>扩展</translation>
    </message>
    <message>
        <source>Animate the Frame…</source>
        <translation>让画框动起来…</translation>
    </message>
    <message>
        <source>Let the selection or the frame move: a clip of some seconds, with a model that makes clips</source>
        <translation>让选区或画框动起来：用能制作短片的模型生成几秒的短片</translation>
    </message>
    <message>
        <source>Cancel the Clip</source>
        <translation>取消短片</translation>
    </message>
    <message>
        <source>Take the newest clip that is being made back</source>
        <translation>撤回正在制作的最新短片</translation>
    </message>
    <message>
        <source>Go to the Prompt</source>
        <translation>转到提示词</translation>
    </message>
    <message>
        <source>Type in the prompt panel</source>
        <translation>在提示词面板中输入</translation>
    </message>
    <message>
        <source>Settings from a Picture…</source>
        <translation>从图片读取设置…</translation>
    </message>
    <message>
        <source>Take over what a picture of A1111, ComfyUI, InvokeAI, Fooocus, NovelAI or ours says of itself</source>
        <translation>沿用 A1111、ComfyUI、InvokeAI、Fooocus、NovelAI 或本程序的图片中自带的设置</translation>
    </message>
    <message>
        <source>Settings from the Clipboard</source>
        <translation>从剪贴板读取设置</translation>
    </message>
    <message>
        <source>Read prompt and settings out of copied text or a copied picture file</source>
        <translation>从复制的文字或图片文件中读取提示词和设置</translation>
    </message>
    <message>
        <source>Model Library…</source>
        <translation>模型库…</translation>
    </message>
    <message>
        <source>All models: what they are, their words and notes, and what can be done with them</source>
        <translation>所有模型：它们的信息、触发词和备注，以及可以执行的操作</translation>
    </message>
    <message>
        <source>Model Folders…</source>
        <translation>模型文件夹…</translation>
    </message>
    <message>
        <source>Add folders with models of your own</source>
        <translation>添加存放你自己模型的文件夹</translation>
    </message>
    <message>
        <source>Add Model Folder…</source>
        <translation>添加模型文件夹…</translation>
    </message>
    <message>
        <source>Take a folder of A1111, Forge, ComfyUI, InvokeAI or any other into the library, in place</source>
        <translation>把 A1111、Forge、ComfyUI、InvokeAI 或其他任意文件夹加入模型库，文件留在原处</translation>
    </message>
    <message>
        <source>Use Model File…</source>
        <translation>使用模型文件…</translation>
    </message>
    <message>
        <source>Use a model where it lies; dropping the file on the window does the same</source>
        <translation>在原处使用模型；把文件拖放到窗口上效果相同</translation>
    </message>
    <message>
        <source>Look for Models Again</source>
        <translation>重新查找模型</translation>
    </message>
    <message>
        <source>Look through all model folders; what changes there is also noticed by itself</source>
        <translation>查找所有模型文件夹；其中的变化也会自动察觉</translation>
    </message>
    <message>
        <source>Use the Chosen Model</source>
        <translation>使用所选模型</translation>
    </message>
    <message>
        <source>Paint with the model that is chosen in the library, or add it to the prompt</source>
        <translation>用模型库中所选的模型作画，或把它加入提示词</translation>
    </message>
    <message>
        <source>Verify the Chosen Model</source>
        <translation>校验所选模型</translation>
    </message>
    <message>
        <source>Read every byte of it and compare its SHA-256 with all that is known</source>
        <translation>读取每个字节，并将其 SHA-256 与所有已知值比对</translation>
    </message>
    <message>
        <source>Convert the Chosen Model to Safetensors</source>
        <translation>将所选模型转换为 Safetensors</translation>
    </message>
    <message>
        <source>Write what a pickled file holds as a file that cannot run code; the old one stays</source>
        <translation>把 pickle 文件的内容写成无法运行代码的文件；原文件保留</translation>
    </message>
    <message>
        <source>Move the Chosen Model to the Bin…</source>
        <translation>将所选模型移到回收站…</translation>
    </message>
    <message>
        <source>Move its file into the system&apos;s bin; asks first</source>
        <translation>把它的文件移到系统回收站；会先询问</translation>
    </message>
    <message>
        <source>Open the Folder of the Chosen Model</source>
        <translation>打开所选模型的文件夹</translation>
    </message>
    <message>
        <source>Show the folder that the model lies in</source>
        <translation>显示模型所在的文件夹</translation>
    </message>
    <message>
        <source>Copy the Path of the Chosen Model</source>
        <translation>复制所选模型的路径</translation>
    </message>
    <message>
        <source>Put the path of its file on the clipboard</source>
        <translation>把它的文件路径放到剪贴板</translation>
    </message>
    <message>
        <source>Use the Picture on the Canvas for the Chosen Model</source>
        <translation>将画布上的图片用于所选模型</translation>
    </message>
    <message>
        <source>The candidate on show, else the selection or the frame, becomes its thumbnail</source>
        <translation>用正在显示的候选图作为它的缩略图，没有则用选区或画框</translation>
    </message>
    <message>
        <source>Choose a Picture File for the Chosen Model…</source>
        <translation>为所选模型选择图片文件…</translation>
    </message>
    <message>
        <source>A picture from a folder becomes its thumbnail</source>
        <translation>用文件夹中的图片作为它的缩略图</translation>
    </message>
    <message>
        <source>Take the Chosen Model&apos;s Own Picture Away</source>
        <translation>去掉所选模型的自选图片</translation>
    </message>
    <message>
        <source>Back to the picture beside the file, if there is one</source>
        <translation>恢复为模型文件旁的图片（如果有）</translation>
    </message>
    <message>
        <source>Show Where the Chosen Model Was Used</source>
        <translation>显示所选模型的使用之处</translation>
    </message>
    <message>
        <source>Show in the history what was made with it</source>
        <translation>在历史中显示用它生成的内容</translation>
    </message>
    <message>
        <source>Download Models…</source>
        <translation>下载模型…</translation>
    </message>
    <message>
        <source>Bring a model from Hugging Face, Civitai or any address; nothing is asked before you say so</source>
        <translation>从 Hugging Face、Civitai 或任意网址获取模型；经你同意前不会发出任何请求</translation>
    </message>
    <message>
        <source>Catalogue of Models…</source>
        <translation>模型目录…</translation>
    </message>
    <message>
        <source>Well-known models of every family: what they are good for, and under which licence</source>
        <translation>各家族的知名模型：擅长什么，采用哪种许可证</translation>
    </message>
    <message>
        <source>Pause All Downloads</source>
        <translation>暂停所有下载</translation>
    </message>
    <message>
        <source>What came so far stays; they go on when you say so</source>
        <translation>已下载的部分会保留；需要时再继续</translation>
    </message>
    <message>
        <source>Resume All Downloads</source>
        <translation>继续所有下载</translation>
    </message>
    <message>
        <source>Go on with downloads that were paused or broke off, also in an earlier run</source>
        <translation>继续已暂停或中断的下载，包括上次运行时的</translation>
    </message>
    <message>
        <source>Free the Engine&apos;s Memory Now</source>
        <translation>立即释放引擎内存</translation>
    </message>
    <message>
        <source>Take every model out of memory, after the job that runs; the next picture reads its own again</source>
        <translation>在当前任务结束后把所有模型移出内存；下一张图片会重新读取模型</translation>
    </message>
    <message>
        <source>Forget Keys of Model Sites</source>
        <translation>清除模型网站的密钥</translation>
    </message>
    <message>
        <source>Take the keys of Civitai and Hugging Face out of the system&apos;s keyring</source>
        <translation>从系统密钥环中删除 Civitai 和 Hugging Face 的密钥</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>欢迎</translation>
    </message>
    <message>
        <source>Three things to try</source>
        <translation>试试这三件事</translation>
    </message>
    <message>
        <source>Keyboard Shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>All keys on one page</source>
        <translation>所有按键一览</translation>
    </message>
    <message>
        <source>Show Log File</source>
        <translation>显示日志文件</translation>
    </message>
    <message>
        <source>Open the folder with the program&apos;s log</source>
        <translation>打开程序日志所在的文件夹</translation>
    </message>
    <message>
        <source>About Handscroll</source>
        <translation>关于 Handscroll</translation>
    </message>
    <message>
        <source>Version and licences</source>
        <translation>版本与许可</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>Transform</source>
        <translation>变换</translation>
    </message>
    <message>
        <source>Align</source>
        <translation>对齐</translation>
    </message>
    <message>
        <source>Nudge</source>
        <translation>轻移</translation>
    </message>
    <message>
        <source>&amp;Select</source>
        <translation>选择(&amp;S)</translation>
    </message>
    <message>
        <source>New Shapes</source>
        <translation>新建形状</translation>
    </message>
    <message>
        <source>Saved Selections</source>
        <translation>已存选区</translation>
    </message>
    <message>
        <source>&amp;Layer</source>
        <translation>图层(&amp;L)</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>蒙版</translation>
    </message>
    <message>
        <source>New Adjustment</source>
        <translation>新建调整</translation>
    </message>
    <message>
        <source>Control</source>
        <translation>控制</translation>
    </message>
    <message>
        <source>What to Follow</source>
        <translation>跟随内容</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>合并</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>排列顺序</translation>
    </message>
    <message>
        <source>&amp;Tools</source>
        <translation>工具(&amp;T)</translation>
    </message>
    <message>
        <source>Symmetry</source>
        <translation>对称</translation>
    </message>
    <message>
        <source>Brush Presets</source>
        <translation>笔刷预设</translation>
    </message>
    <message>
        <source>&amp;Generate</source>
        <translation>生成(&amp;G)</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>Expand by a Step</source>
        <translation>逐步扩展</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Describe</source>
        <translation>描述图片</translation>
    </message>
    <message>
        <source>Regions</source>
        <translation>提示区域</translation>
    </message>
    <message>
        <source>Sweep on the Canvas</source>
        <translation>画布上的 X/Y 图</translation>
    </message>
    <message>
        <source>Route</source>
        <translation>路线</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>Grids, Rulers and Guides</source>
        <translation>网格、标尺和参考线</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Search History</source>
        <translation>搜索历史</translation>
    </message>
    <message>
        <source>Find generations by their words, model, seed, date or note</source>
        <translation>按文字、模型、种子、日期或备注查找生成记录</translation>
    </message>
    <message>
        <source>Next in History</source>
        <translation>历史中的下一项</translation>
    </message>
    <message>
        <source>Choose the generation below this one</source>
        <translation>选中下方的一次生成</translation>
    </message>
    <message>
        <source>Previous in History</source>
        <translation>历史中的上一项</translation>
    </message>
    <message>
        <source>Choose the generation above this one</source>
        <translation>选中上方的一次生成</translation>
    </message>
    <message>
        <source>Go to What It Grew From</source>
        <translation>转到来源</translation>
    </message>
    <message>
        <source>Choose the generation that this one continued</source>
        <translation>选中这次生成所延续的那一次</translation>
    </message>
    <message>
        <source>Show on Canvas</source>
        <translation>在画布上显示</translation>
    </message>
    <message>
        <source>Move the view to where it was made</source>
        <translation>把视图移到生成它的地方</translation>
    </message>
    <message>
        <source>Scrub This Place</source>
        <translation>回溯此处</translation>
    </message>
    <message>
        <source>Go back in time over everything generated in the selection, else in the frame</source>
        <translation>按时间回看选区内生成过的全部画面，没有选区则看画框内的</translation>
    </message>
    <message>
        <source>Play the Clip</source>
        <translation>播放短片</translation>
    </message>
    <message>
        <source>Play the clip that is chosen in the history</source>
        <translation>播放历史中选中的短片</translation>
    </message>
    <message>
        <source>Apply from History</source>
        <translation>从历史应用</translation>
    </message>
    <message>
        <source>Put it on the canvas again, at its old place, as a new layer</source>
        <translation>放回画布原处，成为新图层</translation>
    </message>
    <message>
        <source>Apply Here</source>
        <translation>应用到此处</translation>
    </message>
    <message>
        <source>Put it as a new layer into the middle of the selection, else of the frame</source>
        <translation>放到选区正中，没有选区则放到画框正中，成为新图层</translation>
    </message>
    <message>
        <source>Use These Settings</source>
        <translation>沿用这些设置</translation>
    </message>
    <message>
        <source>Restore every setting of this generation, seed and place included</source>
        <translation>恢复这次生成的全部设置，包括种子和位置</translation>
    </message>
    <message>
        <source>Reproduce</source>
        <translation>复现</translation>
    </message>
    <message>
        <source>Paint it again with everything as it was, and say whether it is the same</source>
        <translation>一切照原样重新绘制，并说明结果是否相同</translation>
    </message>
    <message>
        <source>Compare by Wipe</source>
        <translation>卷帘比较</translation>
    </message>
    <message>
        <source>A divider between the canvas and this picture, or between two chosen ones</source>
        <translation>在画布与这张图片之间，或两张选中的图片之间放一条分隔线</translation>
    </message>
    <message>
        <source>Compare by Difference</source>
        <translation>差异比较</translation>
    </message>
    <message>
        <source>Show only what is not the same, amplified</source>
        <translation>只显示不同之处，并放大差异</translation>
    </message>
    <message>
        <source>Compare by Flicker</source>
        <translation>闪烁比较</translation>
    </message>
    <message>
        <source>Show one picture after the other, in place</source>
        <translation>在原处轮流显示两张图片</translation>
    </message>
    <message>
        <source>End Comparison</source>
        <translation>结束比较</translation>
    </message>
    <message>
        <source>Show the canvas as it is again</source>
        <translation>重新显示画布本来的样子</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>星标</translation>
    </message>
    <message>
        <source>Mark it as worth finding again, or take the mark off</source>
        <translation>加上星标，方便以后再找到；或取消星标</translation>
    </message>
    <message>
        <source>Edit Note</source>
        <translation>编辑备注</translation>
    </message>
    <message>
        <source>Write down what you want to remember about it</source>
        <translation>写下想要记住的内容</translation>
    </message>
    <message>
        <source>Copy Prompt</source>
        <translation>复制提示词</translation>
    </message>
    <message>
        <source>Copy its prompt as text</source>
        <translation>以文字形式复制它的提示词</translation>
    </message>
    <message>
        <source>Copy Seed</source>
        <translation>复制种子</translation>
    </message>
    <message>
        <source>Copy the seed of this picture</source>
        <translation>复制这张图片的种子</translation>
    </message>
    <message>
        <source>Copy All Parameters</source>
        <translation>复制全部参数</translation>
    </message>
    <message>
        <source>Copy everything known of it as text</source>
        <translation>以文字形式复制它的全部信息</translation>
    </message>
    <message>
        <source>Delete from History</source>
        <translation>从历史中删除</translation>
    </message>
    <message>
        <source>Take it off the history; undo and the filter Deleted bring it back</source>
        <translation>从历史中移除；可用撤销或“已删除”筛选找回</translation>
    </message>
    <message>
        <source>Bring Back</source>
        <translation>找回</translation>
    </message>
    <message>
        <source>Put deleted generations back into the history</source>
        <translation>把已删除的生成放回历史</translation>
    </message>
    <message>
        <source>History by Time</source>
        <translation>历史按时间排列</translation>
    </message>
    <message>
        <source>Newest first, day by day</source>
        <translation>最新的在前，按天排列</translation>
    </message>
    <message>
        <source>History by Place</source>
        <translation>历史按位置排列</translation>
    </message>
    <message>
        <source>What was made in the same place stands together</source>
        <translation>在同一位置生成的排在一起</translation>
    </message>
    <message>
        <source>History as a Tree</source>
        <translation>历史按树状排列</translation>
    </message>
    <message>
        <source>Each generation under the one it grew from</source>
        <translation>每次生成都排在它所源自的生成之下</translation>
    </message>
    <message>
        <source>Large Pictures in History</source>
        <translation>历史显示大图</translation>
    </message>
    <message>
        <source>Pictures side by side instead of rows with words</source>
        <translation>图片并排显示，不用带文字的行</translation>
    </message>
    <message>
        <source>Live Painting</source>
        <translation>实时绘画</translation>
    </message>
    <message>
        <source>Paint the frame anew while you work on it; nothing of it is in the painting until you keep it</source>
        <translation>一边作画，一边重新绘制画框；在保留之前，画作里不会有任何改动</translation>
    </message>
    <message>
        <source>Keep Live Picture</source>
        <translation>保留实时画面</translation>
    </message>
    <message>
        <source>Make a new layer of exactly the live picture on show, and log it</source>
        <translation>把眼前的实时画面原样存为新图层，并记入历史</translation>
    </message>
    <message>
        <source>New Live Seed</source>
        <translation>换新实时种子</translation>
    </message>
    <message>
        <source>Other noise: another live picture of the same strokes</source>
        <translation>换一种噪声：同样的笔触得到另一张实时画面</translation>
    </message>
    <message>
        <source>Show Own Strokes</source>
        <translation>显示自己的笔触</translation>
    </message>
    <message>
        <source>Hide the live picture, so that you see what is painted (or hold ` over the canvas)</source>
        <translation>隐藏实时画面，以便看到自己画的内容（或在画布上按住 `）</translation>
    </message>
    <message>
        <source>Live Picture over the Frame</source>
        <translation>实时画面盖在画框上</translation>
    </message>
    <message>
        <source>Show the live picture on the frame, under your newest strokes</source>
        <translation>把实时画面显示在画框上，位于最新笔触之下</translation>
    </message>
    <message>
        <source>Live Picture beside the Frame</source>
        <translation>实时画面放在画框旁</translation>
    </message>
    <message>
        <source>Show the live picture next to the frame, as large as it</source>
        <translation>把实时画面以同样大小显示在画框旁边</translation>
    </message>
    <message>
        <source>Take in Strokes while Painting</source>
        <translation>绘制时纳入笔触</translation>
    </message>
    <message>
        <source>What you paint inside the region of a running job reaches it with its next step; the stroke itself stays on its layer, under the result</source>
        <translation>在运行中任务的区域内画的内容，会从它的下一步起参与生成；笔触本身留在自己的图层上，位于结果之下</translation>
    </message>
    <message>
        <source>Add Region</source>
        <translation>添加提示区域</translation>
    </message>
    <message>
        <source>Give the selected place words of its own; all places are painted in one go</source>
        <translation>为选中的地方写上自己的提示词；所有地方一次画成</translation>
    </message>
    <message>
        <source>Show Regions</source>
        <translation>显示提示区域</translation>
    </message>
    <message>
        <source>Show the regions over the canvas: in colours while their panel is in front, else as outlines</source>
        <translation>在画布上显示提示区域：面板在最前时显示为色块，否则只显示轮廓</translation>
    </message>
    <message>
        <source>Select Next Region</source>
        <translation>选择下一个提示区域</translation>
    </message>
    <message>
        <source>Select the place of the next region that is there</source>
        <translation>选中下一个现有提示区域的位置</translation>
    </message>
    <message>
        <source>Remove All Regions</source>
        <translation>移除所有提示区域</translation>
    </message>
    <message>
        <source>Take all regions away; their saved selections stay</source>
        <translation>移除全部提示区域；已保存的选区会保留</translation>
    </message>
    <message>
        <source>Paint Along the Route</source>
        <translation>沿路线绘制</translation>
    </message>
    <message>
        <source>Paint window after window along the route, or go on where it stopped</source>
        <translation>沿路线逐块绘制，或从停下的地方继续</translation>
    </message>
    <message>
        <source>Stop After This Window</source>
        <translation>画完此窗口块后停止</translation>
    </message>
    <message>
        <source>Finish the window in work, then rest; go on at any time</source>
        <translation>画完当前窗口块后暂停；随时可以继续</translation>
    </message>
    <message>
        <source>Stop the Route at Once</source>
        <translation>立即停止路线</translation>
    </message>
    <message>
        <source>Drop the window in work and rest; go on at any time</source>
        <translation>放弃当前窗口块并暂停；随时可以继续</translation>
    </message>
    <message>
        <source>Split the Route Here</source>
        <translation>在此拆分路线</translation>
    </message>
    <message>
        <source>Begin a stretch with words of its own where the pointer is (or double-click the line)</source>
        <translation>从指针处开始一个有自己提示词的路段（或双击线条）</translation>
    </message>
    <message>
        <source>Join the Stretch</source>
        <translation>合并路段</translation>
    </message>
    <message>
        <source>Make the chosen stretch a part of the one before it</source>
        <translation>把选中的路段并入前一段</translation>
    </message>
    <message>
        <source>Previous Stretch</source>
        <translation>上一路段</translation>
    </message>
    <message>
        <source>Show the words of the stretch before</source>
        <translation>显示上一路段的提示词</translation>
    </message>
    <message>
        <source>Next Stretch</source>
        <translation>下一路段</translation>
    </message>
    <message>
        <source>Show the words of the next stretch</source>
        <translation>显示下一路段的提示词</translation>
    </message>
    <message>
        <source>New Seed for the Route</source>
        <translation>换新路线种子</translation>
    </message>
    <message>
        <source>What comes next along the route is painted from another noise</source>
        <translation>路线之后的部分改用另一种噪声绘制</translation>
    </message>
    <message>
        <source>Show the Route</source>
        <translation>显示路线</translation>
    </message>
    <message>
        <source>Take the route tool and bring all of the route into view</source>
        <translation>切换到路线工具，并让整条路线进入视野</translation>
    </message>
    <message>
        <source>Remove the Route</source>
        <translation>移除路线</translation>
    </message>
    <message>
        <source>Take the line away; what is painted stays</source>
        <translation>去掉线条；已画的内容保留</translation>
    </message>
    <message>
        <source>Vary Slightly</source>
        <translation>轻微变体</translation>
    </message>
    <message>
        <source>More pictures that are nearly the shown one</source>
        <translation>再生成几张与显示的图片几乎相同的图片</translation>
    </message>
    <message>
        <source>Vary</source>
        <translation>变体</translation>
    </message>
    <message>
        <source>More pictures that resemble the shown one</source>
        <translation>再生成几张与显示的图片相似的图片</translation>
    </message>
    <message>
        <source>Vary Strongly</source>
        <translation>强烈变体</translation>
    </message>
    <message>
        <source>More pictures that go further from the shown one</source>
        <translation>再生成几张与显示的图片差别更大的图片</translation>
    </message>
    <message>
        <source>Weaker</source>
        <translation>减弱</translation>
    </message>
    <message>
        <source>The shown picture again, nearer to what was there before</source>
        <translation>重画显示的图片，更接近原先的画面</translation>
    </message>
    <message>
        <source>Stronger</source>
        <translation>加强</translation>
    </message>
    <message>
        <source>The shown picture again, further from what was there before</source>
        <translation>重画显示的图片，更偏离原先的画面</translation>
    </message>
    <message>
        <source>Vary from History</source>
        <translation>从历史生成变体</translation>
    </message>
    <message>
        <source>More pictures that resemble the chosen one of the history, at its place</source>
        <translation>在原处再生成几张与历史中选中的图片相似的图片</translation>
    </message>
    <message>
        <source>Sweep…</source>
        <translation>X/Y 图…</translation>
    </message>
    <message>
        <source>A grid of pictures with one or two settings changing from cell to cell</source>
        <translation>一组排成网格的图片，逐格改变一两项设置</translation>
    </message>
    <message>
        <source>Keep Picture of the Sweep</source>
        <translation>保留 X/Y 图中的图片</translation>
    </message>
    <message>
        <source>Put the chosen cell at its place as a new layer, and use its settings</source>
        <translation>把选中的一格放到原处成为新图层，并沿用其设置</translation>
    </message>
    <message>
        <source>Keep Grid</source>
        <translation>保留 X/Y 图</translation>
    </message>
    <message>
        <source>Put the sweep&apos;s pictures and words where they are, as a group of two layers</source>
        <translation>把 X/Y 图的图片和文字原处保留，成为含两个图层的组</translation>
    </message>
    <message>
        <source>Drop Grid</source>
        <translation>丢弃 X/Y 图</translation>
    </message>
    <message>
        <source>Take the sweep off the canvas; the history keeps every picture</source>
        <translation>从画布上取走 X/Y 图；历史中仍会保留每张图片</translation>
    </message>
    <message>
        <source>Show Grid</source>
        <translation>显示 X/Y 图</translation>
    </message>
    <message>
        <source>Bring all of the sweep into view</source>
        <translation>让整张 X/Y 图进入视野</translation>
    </message>
    <message>
        <source>Cancel Sweep</source>
        <translation>取消 X/Y 图</translation>
    </message>
    <message>
        <source>Paint no more of its pictures; what is done stays</source>
        <translation>不再绘制其余图片；已完成的保留</translation>
    </message>
    <message>
        <source>Upscale…</source>
        <translation>放大…</translation>
    </message>
    <message>
        <source>Make the selection or the frame larger, on demand with more detail</source>
        <translation>放大选区或画框，可按需添加细节</translation>
    </message>
    <message>
        <source>Cancel Upscale</source>
        <translation>取消放大</translation>
    </message>
    <message>
        <source>Take back what is being made larger</source>
        <translation>撤回正在进行的放大</translation>
    </message>
    <message>
        <source>Use as Control</source>
        <translation>用作控制图层</translation>
    </message>
    <message>
        <source>Let generation follow the edges, lines, depth … of the chosen layers; again makes them plain</source>
        <translation>让生成跟随所选图层的边缘、线条、深度…；再次执行恢复为普通图层</translation>
    </message>
    <message>
        <source>Use as Reference</source>
        <translation>用作参考图</translation>
    </message>
    <message>
        <source>Let the model look at the chosen layers for style and content; again makes them plain</source>
        <translation>让模型参考所选图层的风格和内容；再次执行恢复为普通图层</translation>
    </message>
    <message>
        <source>Not a Control Layer</source>
        <translation>不作控制图层</translation>
    </message>
    <message>
        <source>Make the chosen control and reference layers plain again: parts of the picture, not followed</source>
        <translation>把所选的控制图层和参考图层变回普通图层：成为画面的一部分，不再跟随</translation>
    </message>
    <message>
        <source>Control On</source>
        <translation>启用控制</translation>
    </message>
    <message>
        <source>Let the control of the chosen layers act, or rest for a while</source>
        <translation>让所选图层的控制生效，或暂时停用</translation>
    </message>
    <message>
        <source>Keep out of the Picture</source>
        <translation>不计入画面</translation>
    </message>
    <message>
        <source>Show the layer to you alone: it is not generated upon, merged or exported</source>
        <translation>图层只给你自己看：不会在其上生成，也不会合并或导出</translation>
    </message>
    <message>
        <source>Show What Is Followed</source>
        <translation>显示跟随的内容</translation>
    </message>
    <message>
        <source>Show over the frame, or the selection, what the model follows of this layer</source>
        <translation>在画框或选区上显示模型从此图层跟随的内容</translation>
    </message>
    <message>
        <source>New Layer from What Is Followed</source>
        <translation>从跟随的内容新建图层</translation>
    </message>
    <message>
        <source>A layer with these lines or tones, to be changed by hand; it is followed instead of this one</source>
        <translation>新建含这些线条或色调的图层，可手工修改；之后改为跟随它</translation>
    </message>
    <message>
        <source>Seen by…</source>
        <translation>由谁识别…</translation>
    </message>
    <message>
        <source>Choose which network of the library sees depth, a pose … in this layer; there are several</source>
        <translation>库中有多个网络时，选择由哪个识别此图层的深度、姿势等</translation>
    </message>
    <message>
        <source>Follow Edges (Canny)</source>
        <translation>跟随边缘（Canny）</translation>
    </message>
    <message>
        <source>Hard edges, found in the layer&apos;s picture</source>
        <translation>从图层画面中找出的清晰边缘</translation>
    </message>
    <message>
        <source>Follow Line Art</source>
        <translation>跟随线稿</translation>
    </message>
    <message>
        <source>Drawn lines, or what is darker than around it</source>
        <translation>画出的线条，或比周围更暗的部分</translation>
    </message>
    <message>
        <source>Follow Soft Edges</source>
        <translation>跟随软边缘</translation>
    </message>
    <message>
        <source>Wide soft edges: the shapes, but not their finest lines</source>
        <translation>宽而柔和的边缘：保留形状，但不含最细的线条</translation>
    </message>
    <message>
        <source>Follow a Scribble</source>
        <translation>跟随涂鸦</translation>
    </message>
    <message>
        <source>A few thick strokes, drawn by hand</source>
        <translation>手绘的几笔粗线条</translation>
    </message>
    <message>
        <source>Follow Depth</source>
        <translation>跟随深度</translation>
    </message>
    <message>
        <source>How near things are, as a network of the library sees it; or the layer is such a map</source>
        <translation>物体的远近，由模型库中的网络识别；或者图层本身就是深度图</translation>
    </message>
    <message>
        <source>Where surfaces face, as a network that sees depth has it; or the layer is a map of normals</source>
        <translation>表面的朝向，由识别深度的网络得出；或者图层本身就是法线图</translation>
    </message>
    <message>
        <source>How people stand, as a network of the library sees it; or the layer has OpenPose&apos;s figures</source>
        <translation>人物的姿势，由模型库中的网络识别；或者图层上就是 OpenPose 人形</translation>
    </message>
    <message>
        <source>What is where, as a network of the library sees it; or the layer has the colours of ADE20K</source>
        <translation>什么在哪里，由模型库中的网络识别；或者图层使用 ADE20K 的颜色</translation>
    </message>
    <message>
        <source>Follow Normals</source>
        <translation>跟随法线</translation>
    </message>
    <message>
        <source>Follow a Pose</source>
        <translation>跟随姿态</translation>
    </message>
    <message>
        <source>Follow Segments</source>
        <translation>跟随语义分割</translation>
    </message>
    <message>
        <source>Follow Detail (Tile)</source>
        <translation>跟随细节（Tile）</translation>
    </message>
    <message>
        <source>The layer&apos;s picture itself without its finest detail</source>
        <translation>图层画面本身，去掉最精细的细节</translation>
    </message>
    <message>
        <source>Follow for Inpainting</source>
        <translation>跟随局部重绘</translation>
    </message>
    <message>
        <source>The layer&apos;s picture; what is transparent is made anew</source>
        <translation>图层画面；透明处重新生成</translation>
    </message>
    <message>
        <source>Follow a Blur</source>
        <translation>跟随模糊</translation>
    </message>
    <message>
        <source>The layer&apos;s picture out of focus: its colours and masses</source>
        <translation>虚化的图层画面：只留颜色和大块面</translation>
    </message>
    <message>
        <source>Follow Grey Tones</source>
        <translation>跟随灰度</translation>
    </message>
    <message>
        <source>Light and dark of the layer&apos;s picture; colours are free</source>
        <translation>图层画面的明暗；颜色不限</translation>
    </message>
    <message>
        <source>Weigh Words More</source>
        <translation>增加词语权重</translation>
    </message>
    <message>
        <source>Add 0.05 to the weight of the word at the cursor (Ctrl+Up in a prompt field)</source>
        <translation>将光标处词语的权重增加 0.05（在提示词输入框中按 Ctrl+Up）</translation>
    </message>
    <message>
        <source>Weigh Words Less</source>
        <translation>减小词语权重</translation>
    </message>
    <message>
        <source>Take 0.05 from the weight of the word at the cursor (Ctrl+Down in a prompt field)</source>
        <translation>将光标处词语的权重减小 0.05（在提示词输入框中按 Ctrl+Down）</translation>
    </message>
    <message>
        <source>Earlier Prompt</source>
        <translation>上一个提示词</translation>
    </message>
    <message>
        <source>Show the prompt that was painted before (Alt+PgUp in a prompt field)</source>
        <translation>显示此前画过的提示词（在提示词输入框中按 Alt+PgUp）</translation>
    </message>
    <message>
        <source>Later Prompt</source>
        <translation>下一个提示词</translation>
    </message>
    <message>
        <source>Show the prompt that was painted after this one (Alt+PgDn in a prompt field)</source>
        <translation>显示在此之后画过的提示词（在提示词输入框中按 Alt+PgDn）</translation>
    </message>
    <message>
        <source>Earlier Prompts…</source>
        <translation>以前的提示词…</translation>
    </message>
    <message>
        <source>Choose from the prompts that were painted</source>
        <translation>从画过的提示词中选择</translation>
    </message>
    <message>
        <source>Styles…</source>
        <translation>风格…</translation>
    </message>
    <message>
        <source>Choose styles that put words around the prompt</source>
        <translation>选择在提示词前后添加文字的风格</translation>
    </message>
    <message>
        <source>No Style</source>
        <translation>不使用风格</translation>
    </message>
    <message>
        <source>Take all styles off the prompt</source>
        <translation>去掉提示词的所有风格</translation>
    </message>
    <message>
        <source>Own Styles…</source>
        <translation>自定义风格…</translation>
    </message>
    <message>
        <source>Make, change and import styles and templates of your own</source>
        <translation>创建、修改和导入你自己的风格和模板</translation>
    </message>
    <message>
        <source>Add LoRA…</source>
        <translation>添加 LoRA…</translation>
    </message>
    <message>
        <source>Choose a LoRA of the library that suits the model</source>
        <translation>从模型库中选择适用于此模型的 LoRA</translation>
    </message>
    <message>
        <source>Remove All LoRAs</source>
        <translation>移除所有 LoRA</translation>
    </message>
    <message>
        <source>Empty the list of LoRAs under the prompt</source>
        <translation>清空提示词下方的 LoRA 列表</translation>
    </message>
    <message>
        <source>Convert NovelAI Weights</source>
        <translation>转换 NovelAI 权重</translation>
    </message>
    <message>
        <source>Rewrite {braces} and 1.3::weights:: of the prompt as (words:1.05)</source>
        <translation>把提示词中的 {braces} 和 1.3::weights:: 改写为 (words:1.05)</translation>
    </message>
    <message>
        <source>Describe This Picture</source>
        <translation>描述这张图片</translation>
    </message>
    <message>
        <source>A captioning model puts the selection, or the frame, into words; they go into the prompt</source>
        <translation>由图片描述模型把选区或画框写成文字，放入提示词</translation>
    </message>
    <message>
        <source>Describe the Layer</source>
        <translation>描述图层</translation>
    </message>
    <message>
        <source>The same of the layer that is worked on, by itself</source>
        <translation>同上，但只描述正在操作的图层</translation>
    </message>
    <message>
        <source>Stop Describing</source>
        <translation>停止描述</translation>
    </message>
    <message>
        <source>Take it back; the prompt stays as it is</source>
        <translation>收回；提示词保持原样</translation>
    </message>
    <message>
        <source>In a Sentence</source>
        <translation>一句话</translation>
    </message>
    <message>
        <source>Pictures are described in one sentence</source>
        <translation>用一句话描述图片</translation>
    </message>
    <message>
        <source>In Detail</source>
        <translation>详细</translation>
    </message>
    <message>
        <source>Pictures are described in as many words as the model finds</source>
        <translation>模型能写多少就用多少文字描述图片</translation>
    </message>
    <message>
        <source>In Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Pictures are described in short words between commas</source>
        <translation>用逗号分隔的短词描述图片</translation>
    </message>
    <message>
        <source>Describe With…</source>
        <translation>描述所用模型…</translation>
    </message>
    <message>
        <source>Choose which captioning model of the library describes pictures</source>
        <translation>选择由库中哪个描述模型来描述画面</translation>
    </message>
    <message>
        <source>Open Wildcards Folder</source>
        <translation>打开通配符文件夹</translation>
    </message>
    <message>
        <source>Text files there are choices: __colour__ is a line of colour.txt</source>
        <translation>其中的文本文件是备选项：__colour__ 表示 colour.txt 中的一行</translation>
    </message>
    <message>
        <source>Open Tag Lists Folder</source>
        <translation>打开标签列表文件夹</translation>
    </message>
    <message>
        <source>Lists of tags there (tag,category,count,aliases) are offered while you type</source>
        <translation>其中的标签列表（tag,category,count,aliases）会在输入时给出建议</translation>
    </message>
</context>
<context>
    <name>apply</name>
    <message>
        <source>This is a mask, which holds no colours. Choose its layer.</source>
        <translation>这是蒙版，没有颜色。请选择它所属的图层。</translation>
    </message>
    <message>
        <source>This control layer is no part of the picture; nobody would see it there. Choose another layer.</source>
        <translation>此控制图层不属于画面，画在上面谁也看不到。请选择别的图层。</translation>
    </message>
</context>
<context>
    <name>blend</name>
    <message>
        <source>Basic</source>
        <translation>基本</translation>
    </message>
    <message>
        <source>Darken</source>
        <translation>变暗</translation>
    </message>
    <message>
        <source>Lighten</source>
        <translation>变亮</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差值</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Behind</source>
        <translation>背后</translation>
    </message>
    <message>
        <source>Inside what is below</source>
        <translation>仅在下方内容之内</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>擦除</translation>
    </message>
    <message>
        <source>Darken only</source>
        <translation>变暗</translation>
    </message>
    <message>
        <source>Multiply</source>
        <translation>正片叠底</translation>
    </message>
    <message>
        <source>Colour burn</source>
        <translation>颜色加深</translation>
    </message>
    <message>
        <source>Lighten only</source>
        <translation>变亮</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>滤色</translation>
    </message>
    <message>
        <source>Colour dodge</source>
        <translation>颜色减淡</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>线性减淡（添加）</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>叠加</translation>
    </message>
    <message>
        <source>Soft light</source>
        <translation>柔光</translation>
    </message>
    <message>
        <source>Hard light</source>
        <translation>强光</translation>
    </message>
    <message>
        <source>Exclusion</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>Hue</source>
        <translation>色相</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>饱和度</translation>
    </message>
    <message>
        <source>Luminosity</source>
        <translation>明度</translation>
    </message>
</context>
<context>
    <name>canvas</name>
    <message>
        <source>{size} px · hardness {hardness} % · opacity {opacity} %</source>
        <translation>{size} px · 硬度 {hardness} % · 不透明度 {opacity} %</translation>
    </message>
</context>
<context>
    <name>capture</name>
    <message>
        <source>The selection is {width} x {height} pixels; at most {most} a side can be painted at once. Select a smaller part, or its pieces one after the other.</source>
        <translation>选区为 {width} × {height} 像素；一次绘制每边最多 {most}。请选小一些的部分，或分块依次选择。</translation>
    </message>
    <message>
        <source>The region is {0} x {1} pixels; at most {2} a side can be made. Make it smaller.</source>
        <translation>区域为 {0} × {1} 像素；每边最多 {2}。请把它缩小。</translation>
    </message>
    <message>
        <source>Nothing is selected. Draw a lasso around what should go.</source>
        <translation>没有选区。请用套索圈出要移除的内容。</translation>
    </message>
    <message>
        <source>Nothing is selected inside the frame. Draw a lasso around what should stay.</source>
        <translation>画框内没有选区。请用套索圈出要保留的内容。</translation>
    </message>
    <message>
        <source>Nothing is selected. Draw a lasso around what should be repainted.</source>
        <translation>没有选区。请用套索圈出要重绘的地方。</translation>
    </message>
    <message>
        <source>The selection covers the whole frame: there is no background left. Select only what should stay.</source>
        <translation>选区覆盖了整个画框，没有剩下背景。请只选中要保留的内容。</translation>
    </message>
    <message>
        <source>The frame holds no empty canvas to grow into. Move it over an edge.</source>
        <translation>画框里没有可供扩展的空白。请把它移到画面边缘。</translation>
    </message>
    <message>
        <source>{count} regions reach into what would be painted; {most} at most can be painted at once. Switch some of them off, or paint a smaller part.</source>
        <translation>有 {count} 个提示区域伸入要绘制的部分；一次最多绘制 {most} 个。请关闭其中一些，或绘制小一些的部分。</translation>
    </message>
    <message>
        <source>{count} control layers of one sort reach in there; {most} at most can act at once. Switch some of them off.</source>
        <translation>此处涉及 {count} 个同类控制图层；最多只能有 {most} 个同时生效。请停用其中一些。</translation>
    </message>
    <message>
        <source>Control layer “{name}”: {reason}</source>
        <translation>控制图层“{name}”：{reason}</translation>
    </message>
</context>
<context>
    <name>clips</name>
    <message>
        <source>Clip</source>
        <translation>短片</translation>
    </message>
    <message>
        <source>Frame {number}</source>
        <translation>第 {number} 帧</translation>
    </message>
    <message>
        <source>The region is {width} × {height} pixels; {least} to {most} a side can move. Select another.</source>
        <translation>该区域为 {width} × {height} 像素；每边 {least} 到 {most} 像素才能动起来。请另选区域。</translation>
    </message>
    <message>
        <source>{name} lets a picture move and needs one. Paint something there, or choose another model.</source>
        <translation>{name} 用于让画面动起来，因此需要一张画面。请在那里画些内容，或选择其他模型。</translation>
    </message>
    <message>
        <source>Say in words what the clip shows: nothing is painted to begin with.</source>
        <translation>请用文字说明短片的内容：没有可作为开头的画面。</translation>
    </message>
    <message>
        <source>Nothing is painted there. Move the frame, select something, or begin with the words alone.</source>
        <translation>那里什么也没画。请移动画框、选择内容，或仅从文字开始。</translation>
    </message>
</context>
<context>
    <name>compare</name>
    <message>
        <source>Canvas</source>
        <translation>画布</translation>
    </message>
    <message>
        <source>Wipe</source>
        <translation>卷帘</translation>
    </message>
    <message>
        <source>A divider between both pictures: drag it; a double-click on it turns it (W)</source>
        <translation>两张图片之间的分隔线：可拖动；双击可改变方向（W）</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Only what is not the same, amplified (D)</source>
        <translation>只显示不同之处，并放大差异（D）</translation>
    </message>
    <message>
        <source>Flicker</source>
        <translation>闪烁</translation>
    </message>
    <message>
        <source>One picture after the other; a click or F stops it (F)</source>
        <translation>轮流显示两张图片；点击或按 F 可停住（F）</translation>
    </message>
    <message>
        <source>The same, pixel for pixel</source>
        <translation>逐像素完全相同</translation>
    </message>
    <message>
        <source>× {gain} · at most {largest} · {share} % differs</source>
        <translation>× {gain} · 最多相差 {largest} · {share} % 不同</translation>
    </message>
</context>
<context>
    <name>controls</name>
    <message>
        <source>{kind} of {name}</source>
        <translation>{name} 的{kind}</translation>
    </message>
    <message>
        <source>Edges (Canny)</source>
        <translation>边缘（Canny）</translation>
    </message>
    <message>
        <source>Line art</source>
        <translation>线稿</translation>
    </message>
    <message>
        <source>Soft edges</source>
        <translation>软边缘</translation>
    </message>
    <message>
        <source>Scribble</source>
        <translation>涂鸦</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>深度</translation>
    </message>
    <message>
        <source>Normals</source>
        <translation>法线</translation>
    </message>
    <message>
        <source>Pose</source>
        <translation>姿态</translation>
    </message>
    <message>
        <source>Segments</source>
        <translation>语义分割</translation>
    </message>
    <message>
        <source>Detail (Tile)</source>
        <translation>细节（Tile）</translation>
    </message>
    <message>
        <source>Inpaint</source>
        <translation>局部重绘</translation>
    </message>
    <message>
        <source>Blur</source>
        <translation>模糊</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>参考图</translation>
    </message>
    <message>
        <source>The starter model knows no control layers. Choose another model to paint with.</source>
        <translation>入门模型不支持控制图层。请选择别的模型来作画。</translation>
    </message>
    <message>
        <source>No adapter for references in the library fits {family}. Get an IP-Adapter or Redux with Generate &gt; Models &gt; Catalogue of Models, or paint with FLUX Kontext, FLUX.2 or Qwen-Image-Edit.</source>
        <translation>模型库中没有适用于 {family} 的参考图适配器。请用“生成 &gt; 模型 &gt; 模型目录”获取 IP-Adapter 或 Redux，或改用 FLUX Kontext、FLUX.2 或 Qwen-Image-Edit 作画。</translation>
    </message>
    <message>
        <source>No control model for “{kind}” in the library fits {family}. Get one with Generate &gt; Models &gt; Catalogue of Models, or follow something else.</source>
        <translation>模型库中没有适用于 {family} 的“{kind}”控制模型。请用“生成 &gt; 模型 &gt; 模型目录”获取，或改为跟随其他内容。</translation>
    </message>
    <message>
        <source>The model &apos;{name}&apos; is no longer in the library. Choose another one, or the best there is.</source>
        <translation>模型“{name}”已不在模型库中。请另选一个，或选最佳可用的。</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; is made for {own}; the chosen model is {family}. Choose another one, or the best there is.</source>
        <translation>“{name}”适用于 {own}，而所选模型是 {family}。请另选一个，或选最佳可用的。</translation>
    </message>
    <message>
        <source>&apos;{name}&apos;, which was chosen to see “{kind}” in the picture, cannot be used now, and no other network in the library sees it. Put it back, or get one with Generate &gt; Models &gt; Catalogue of Models.</source>
        <translation>选来识别画面中“{kind}”的“{name}”现在无法使用，模型库中也没有别的网络能识别它。请把它放回原处，或在“生成 &gt; 模型 &gt; 模型目录”中获取一个。</translation>
    </message>
    <message>
        <source>No network in the library sees “{kind}” in a picture. Get one with Generate &gt; Models &gt; Catalogue of Models, or let the layer be such a map already.</source>
        <translation>模型库中没有能从画面识别“{kind}”的网络。请通过“生成 &gt; 模型 &gt; 模型目录”获取一个，或让图层本身就是这样的图。</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>The layer is followed as it is: &apos;{gone}&apos;, which was chosen to look at it, cannot be used now. Put it back, or get another one from the catalogue.</source>
        <translation>图层按原样遵循：选来识别它的“{gone}”现在无法使用。请把它放回原处，或从目录中获取另一个。</translation>
    </message>
    <message>
        <source>The layer is followed as it is: no network in the library sees “{kind}” in a picture. The catalogue has some.</source>
        <translation>图层按原样遵循：模型库中没有能从画面识别“{kind}”的网络。目录中有。</translation>
    </message>
    <message>
        <source>&apos;{gone}&apos;, which was chosen to look at it, cannot be used now: {name} does until it is back.</source>
        <translation>选来识别它的“{gone}”现在无法使用：在它回来之前由 {name} 代替。</translation>
    </message>
    <message>
        <source>{name} sees it in the layer&apos;s picture.</source>
        <translation>由 {name} 从图层画面中识别。</translation>
    </message>
    <message>
        <source>{name} sees it in the layer&apos;s picture, where that is no such map already.</source>
        <translation>图层本身不是这样的图时，由 {name} 从图层画面中识别。</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
</context>
<context>
    <name>docks</name>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Regions</source>
        <translation>提示区域</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Adjustment</source>
        <translation>调整</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Undo History</source>
        <translation>撤销历史</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>笔刷</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Navigator</source>
        <translation>导航器</translation>
    </message>
</context>
<context>
    <name>failures</name>
    <message>
        <source>The engine refused this job: a setting is out of range.</source>
        <translation>引擎拒绝了这个任务：有设置超出范围。</translation>
    </message>
    <message>
        <source>The model is no longer where it was. Choose another one, or search the model folders again.</source>
        <translation>模型已不在原处。请另选一个，或重新查找模型文件夹。</translation>
    </message>
    <message>
        <source>This model cannot be used: its files are damaged, incomplete or of a kind not known here.</source>
        <translation>无法使用这个模型：文件已损坏、不完整，或属于未知类型。</translation>
    </message>
    <message>
        <source>Memory ran out. Choose a smaller frame or a smaller model, or close other programs.</source>
        <translation>内存不足。请选小一些的画框或模型，或关闭其他程序。</translation>
    </message>
    <message>
        <source>The engine stumbled over this job. The next one can run as usual.</source>
        <translation>引擎在这个任务上出了错。下一个任务可以照常运行。</translation>
    </message>
    <message>
        <source>The engine stopped. The painting is untouched; start the job again when the engine is back.</source>
        <translation>引擎已停止。画作没有受影响；引擎恢复后请重新开始任务。</translation>
    </message>
</context>
<context>
    <name>history</name>
    <message>
        <source>Add adjustment</source>
        <translation>添加调整</translation>
    </message>
    <message>
        <source>Add layer</source>
        <translation>添加图层</translation>
    </message>
    <message>
        <source>Add mask</source>
        <translation>添加蒙版</translation>
    </message>
    <message>
        <source>Add region</source>
        <translation>添加提示区域</translation>
    </message>
    <message>
        <source>Apply mask</source>
        <translation>应用蒙版</translation>
    </message>
    <message>
        <source>Blend mode</source>
        <translation>混合模式</translation>
    </message>
    <message>
        <source>Border of selection</source>
        <translation>选区边界</translation>
    </message>
    <message>
        <source>Bring back generation</source>
        <translation>找回生成</translation>
    </message>
    <message>
        <source>Brush stroke</source>
        <translation>笔刷描绘</translation>
    </message>
    <message>
        <source>Change adjustment</source>
        <translation>更改调整</translation>
    </message>
    <message>
        <source>Change control</source>
        <translation>更改控制</translation>
    </message>
    <message>
        <source>Change layer</source>
        <translation>更改图层</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Clip layer</source>
        <translation>剪贴图层</translation>
    </message>
    <message>
        <source>Clone</source>
        <translation>仿制</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>剪切</translation>
    </message>
    <message>
        <source>Delete generation</source>
        <translation>删除生成</translation>
    </message>
    <message>
        <source>Delete region</source>
        <translation>删除提示区域</translation>
    </message>
    <message>
        <source>Disable mask</source>
        <translation>停用蒙版</translation>
    </message>
    <message>
        <source>Duplicate layer</source>
        <translation>复制图层</translation>
    </message>
    <message>
        <source>Enable mask</source>
        <translation>启用蒙版</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>擦除</translation>
    </message>
    <message>
        <source>Feather selection</source>
        <translation>羽化选区</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>Flatten</source>
        <translation>拼合图像</translation>
    </message>
    <message>
        <source>Forget selection</source>
        <translation>删除已存选区</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>画框</translation>
    </message>
    <message>
        <source>Frame as layer</source>
        <translation>帧作为图层</translation>
    </message>
    <message>
        <source>Frames as layers</source>
        <translation>各帧作为图层</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Gradient</source>
        <translation>渐变</translation>
    </message>
    <message>
        <source>Group layers</source>
        <translation>图层编组</translation>
    </message>
    <message>
        <source>Grow selection</source>
        <translation>扩展选区</translation>
    </message>
    <message>
        <source>Guides</source>
        <translation>参考线</translation>
    </message>
    <message>
        <source>Hide layer</source>
        <translation>隐藏图层</translation>
    </message>
    <message>
        <source>Import pictures</source>
        <translation>导入图片</translation>
    </message>
    <message>
        <source>Invert mask</source>
        <translation>反相蒙版</translation>
    </message>
    <message>
        <source>Keep sweep</source>
        <translation>保留 X/Y 图</translation>
    </message>
    <message>
        <source>Layer opacity</source>
        <translation>图层不透明度</translation>
    </message>
    <message>
        <source>Layer to the bottom</source>
        <translation>图层置底</translation>
    </message>
    <message>
        <source>Layer to the top</source>
        <translation>图层置顶</translation>
    </message>
    <message>
        <source>Layer from control</source>
        <translation>从控制新建图层</translation>
    </message>
    <message>
        <source>Lock layer</source>
        <translation>锁定图层</translation>
    </message>
    <message>
        <source>Lock transparency</source>
        <translation>锁定透明像素</translation>
    </message>
    <message>
        <source>Lower layer</source>
        <translation>下移图层</translation>
    </message>
    <message>
        <source>Merge layers</source>
        <translation>合并图层</translation>
    </message>
    <message>
        <source>Move layer pixels</source>
        <translation>移动图层像素</translation>
    </message>
    <message>
        <source>Move layer</source>
        <translation>移动图层</translation>
    </message>
    <message>
        <source>Move layers</source>
        <translation>移动多个图层</translation>
    </message>
    <message>
        <source>Move selection</source>
        <translation>移动选区</translation>
    </message>
    <message>
        <source>New layer from visible</source>
        <translation>从可见内容新建图层</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Paint selection</source>
        <translation>涂绘选区</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>绘画</translation>
    </message>
    <message>
        <source>Plain layer</source>
        <translation>恢复为普通图层</translation>
    </message>
    <message>
        <source>Put image</source>
        <translation>放入图片</translation>
    </message>
    <message>
        <source>Raise layer</source>
        <translation>上移图层</translation>
    </message>
    <message>
        <source>Release clipping</source>
        <translation>释放剪贴</translation>
    </message>
    <message>
        <source>Remove layer</source>
        <translation>删除图层</translation>
    </message>
    <message>
        <source>Remove layers</source>
        <translation>删除多个图层</translation>
    </message>
    <message>
        <source>Remove mask</source>
        <translation>移除蒙版</translation>
    </message>
    <message>
        <source>Remove regions</source>
        <translation>移除提示区域</translation>
    </message>
    <message>
        <source>Remove route</source>
        <translation>移除路线</translation>
    </message>
    <message>
        <source>Remove star</source>
        <translation>取消星标</translation>
    </message>
    <message>
        <source>Region place</source>
        <translation>提示区域位置</translation>
    </message>
    <message>
        <source>Regions</source>
        <translation>提示区域</translation>
    </message>
    <message>
        <source>Rename layer</source>
        <translation>重命名图层</translation>
    </message>
    <message>
        <source>Rename region</source>
        <translation>重命名提示区域</translation>
    </message>
    <message>
        <source>Route window</source>
        <translation>路线窗口块</translation>
    </message>
    <message>
        <source>Route</source>
        <translation>路线</translation>
    </message>
    <message>
        <source>Save selection</source>
        <translation>存储选区</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Show layer</source>
        <translation>显示图层</translation>
    </message>
    <message>
        <source>Shrink selection</source>
        <translation>收缩选区</translation>
    </message>
    <message>
        <source>Smooth selection</source>
        <translation>平滑选区</translation>
    </message>
    <message>
        <source>Smudge</source>
        <translation>涂抹</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>加星标</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Ungroup</source>
        <translation>取消编组</translation>
    </message>
    <message>
        <source>Unlock layer</source>
        <translation>解锁图层</translation>
    </message>
    <message>
        <source>Unlock transparency</source>
        <translation>解锁透明像素</translation>
    </message>
    <message>
        <source>Upscale</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Use as control</source>
        <translation>用作控制图层</translation>
    </message>
    <message>
        <source>Use as reference</source>
        <translation>用作参考图</translation>
    </message>
    <message>
        <source>Use settings</source>
        <translation>沿用设置</translation>
    </message>
</context>
<context>
    <name>model-sight</name>
    <message>
        <source>{mode}: {size} px, by hand</source>
        <translation>{mode}：{size} 像素，手动</translation>
    </message>
    <message>
        <source>{mode}: {size} px</source>
        <translation>{mode}：{size} 像素</translation>
    </message>
    <message>
        <source>looking …</source>
        <translation>正在查看 …</translation>
    </message>
    <message>
        <source>nothing: the strength is too low to change anything</source>
        <translation>无：强度太低，不会有任何改变</translation>
    </message>
    <message>
        <source>{number} passes</source>
        <translation>{number} 遍</translation>
    </message>
    <message>
        <source>{number} windows</source>
        <translation>{number} 个窗口块</translation>
    </message>
    <message>
        <source>time not measured yet</source>
        <translation>尚未测得时间</translation>
    </message>
    <message>
        <source>about {memory}</source>
        <translation>约 {memory}</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} 秒</translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation>{minutes} 分 {seconds} 秒</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} 小时 {minutes} 分</translation>
    </message>
    <message>
        <source>{number} MB</source>
        <translation>{number} MB</translation>
    </message>
    <message>
        <source>{number} GB</source>
        <translation>{number} GB</translation>
    </message>
    <message>
        <source>grow {grow}, feather {feather}, blend {blend} px</source>
        <translation>外扩 {grow}、羽化 {feather}、融合 {blend} 像素</translation>
    </message>
    <message>
        <source>{rim}, by hand</source>
        <translation>{rim}，手动</translation>
    </message>
</context>
<context>
    <name>models</name>
    <message>
        <source>one file</source>
        <translation>单文件</translation>
    </message>
    <message>
        <source>not there now</source>
        <translation>目前不在</translation>
    </message>
    <message>
        <source>Text encoder</source>
        <translation>文本编码器</translation>
    </message>
    <message>
        <source>Image encoder</source>
        <translation>图像编码器</translation>
    </message>
    <message>
        <source>VAE</source>
        <translation>VAE</translation>
    </message>
    <message>
        <source>About, for a picture of {side} × {side}:</source>
        <translation>{side} × {side} 的图片大约需要：</translation>
    </message>
    <message>
        <source>fits here</source>
        <translation>本机够用</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>检查点模型</translation>
    </message>
    <message>
        <source>Diffusers folder</source>
        <translation>Diffusers 文件夹</translation>
    </message>
    <message>
        <source>Diffusion model</source>
        <translation>扩散模型</translation>
    </message>
    <message>
        <source>LoRA</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>Textual inversion</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>ControlNet</source>
        <translation>ControlNet</translation>
    </message>
    <message>
        <source>T2I-Adapter</source>
        <translation>T2I-Adapter</translation>
    </message>
    <message>
        <source>IP-Adapter</source>
        <translation>IP-Adapter</translation>
    </message>
    <message>
        <source>Upscaler</source>
        <translation>放大模型</translation>
    </message>
    <message>
        <source>Describes pictures</source>
        <translation>描述图片</translation>
    </message>
    <message>
        <source>Sees depth, poses or segments</source>
        <translation>识别深度、姿势或分割</translation>
    </message>
    <message>
        <source>Not recognised</source>
        <translation>未识别</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Starter</source>
        <translation>入门模型</translation>
    </message>
    <message>
        <source>flow</source>
        <translation>流匹配</translation>
    </message>
    <message>
        <source>as its family</source>
        <translation>与家族相同</translation>
    </message>
    <message>
        <source>Stable Diffusion WebUI (A1111)</source>
        <translation>Stable Diffusion WebUI（A1111）</translation>
    </message>
    <message>
        <source>Forge</source>
        <translation>Forge</translation>
    </message>
    <message>
        <source>ComfyUI</source>
        <translation>ComfyUI</translation>
    </message>
    <message>
        <source>InvokeAI</source>
        <translation>InvokeAI</translation>
    </message>
    <message>
        <source>one diffusers model</source>
        <translation>单个 Diffusers 模型</translation>
    </message>
    <message>
        <source>Hugging Face cache</source>
        <translation>Hugging Face 缓存</translation>
    </message>
    <message>
        <source>folder of models</source>
        <translation>模型文件夹</translation>
    </message>
</context>
<context>
    <name>modes</name>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Refine</source>
        <translation>精修</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>重绘</translation>
    </message>
    <message>
        <source>Expand</source>
        <translation>扩展</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Replace background</source>
        <translation>替换背景</translation>
    </message>
    <message>
        <source>Changes what the selection or the frame holds as the words say: “make it night”</source>
        <translation>按文字说明修改选区或画框中的内容，例如“把它变成夜晚”</translation>
    </message>
    <message>
        <source>Paints the empty frame from the words alone</source>
        <translation>只依文字在空画框里作画</translation>
    </message>
    <message>
        <source>Repaints what the selection or the frame holds, as far as the strength allows</source>
        <translation>重绘选区或画框里的内容，改动多少由强度决定</translation>
    </message>
    <message>
        <source>Lets the picture grow into the empty part of the frame, or into the selection</source>
        <translation>让画面扩展到画框的空白部分，或选区中</translation>
    </message>
    <message>
        <source>Takes what is selected away and lets its surroundings close over it; needs no words</source>
        <translation>去掉选中的内容，并用周围画面补上；不需要文字</translation>
    </message>
    <message>
        <source>Keeps what is selected and paints everything else in the frame anew</source>
        <translation>保留选中的内容，重新绘制画框里的其余部分</translation>
    </message>
    <message>
        <source>Repaints the selection and a soft rim around it; nothing else changes</source>
        <translation>重绘选区及其周围的柔和边缘；其他内容保持不变</translation>
    </message>
</context>
<context>
    <name>panel</name>
    <message>
        <source>Cancel this job</source>
        <translation>取消这个任务</translation>
    </message>
</context>
<context>
    <name>presets</name>
    <message>
        <source>Pencils</source>
        <translation>铅笔</translation>
    </message>
    <message>
        <source>Ink</source>
        <translation>墨水</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>上色</translation>
    </message>
    <message>
        <source>Dry</source>
        <translation>干笔</translation>
    </message>
    <message>
        <source>Effects</source>
        <translation>效果</translation>
    </message>
    <message>
        <source>Erasers</source>
        <translation>橡皮</translation>
    </message>
    <message>
        <source>Own</source>
        <translation>自定义</translation>
    </message>
    <message>
        <source>Pencil</source>
        <translation>铅笔</translation>
    </message>
    <message>
        <source>Shading Pencil</source>
        <translation>排线铅笔</translation>
    </message>
    <message>
        <source>Fine Liner</source>
        <translation>针管笔</translation>
    </message>
    <message>
        <source>Ink Pen</source>
        <translation>墨水笔</translation>
    </message>
    <message>
        <source>Ink Brush</source>
        <translation>毛笔</translation>
    </message>
    <message>
        <source>Calligraphy Pen</source>
        <translation>书法笔</translation>
    </message>
    <message>
        <source>Ink Wash</source>
        <translation>水墨</translation>
    </message>
    <message>
        <source>Hard Round</source>
        <translation>硬边圆</translation>
    </message>
    <message>
        <source>Soft Round</source>
        <translation>柔边圆</translation>
    </message>
    <message>
        <source>Airbrush</source>
        <translation>喷枪</translation>
    </message>
    <message>
        <source>Flat Brush</source>
        <translation>平头笔</translation>
    </message>
    <message>
        <source>Dry Bristle</source>
        <translation>干鬃毛笔</translation>
    </message>
    <message>
        <source>Square Brush</source>
        <translation>方头笔</translation>
    </message>
    <message>
        <source>Watercolour</source>
        <translation>水彩</translation>
    </message>
    <message>
        <source>Charcoal</source>
        <translation>炭笔</translation>
    </message>
    <message>
        <source>Chalk</source>
        <translation>粉笔</translation>
    </message>
    <message>
        <source>Pastel</source>
        <translation>色粉</translation>
    </message>
    <message>
        <source>Marker</source>
        <translation>马克笔</translation>
    </message>
    <message>
        <source>Highlighter</source>
        <translation>荧光笔</translation>
    </message>
    <message>
        <source>Glaze</source>
        <translation>罩染</translation>
    </message>
    <message>
        <source>Glow</source>
        <translation>发光</translation>
    </message>
    <message>
        <source>Splatter</source>
        <translation>飞溅</translation>
    </message>
    <message>
        <source>Foliage</source>
        <translation>树叶</translation>
    </message>
    <message>
        <source>Stars</source>
        <translation>星星</translation>
    </message>
    <message>
        <source>Hard Eraser</source>
        <translation>硬橡皮</translation>
    </message>
    <message>
        <source>Soft Eraser</source>
        <translation>软橡皮</translation>
    </message>
    <message>
        <source>Kneaded Eraser</source>
        <translation>可塑橡皮</translation>
    </message>
    <message>
        <source>{colour} is among the swatches now.</source>
        <translation>{colour} 已加入色板。</translation>
    </message>
    <message>
        <source>{colour} was not added: it is there already, or the swatches are full.</source>
        <translation>{colour} 没有加入：它已在色板中，或色板已满。</translation>
    </message>
    <message>
        <source>Import Brush Presets</source>
        <translation>导入笔刷预设</translation>
    </message>
    <message>
        <source>{count} presets were imported.</source>
        <translation>已导入 {count} 个预设。</translation>
    </message>
    <message>
        <source>Export the Presets that the Panel Shows</source>
        <translation>导出面板中显示的预设</translation>
    </message>
    <message>
        <source>{count} presets were written to {path}.</source>
        <translation>已将 {count} 个预设写入 {path}。</translation>
    </message>
    <message>
        <source>Brush presets (*{suffix})</source>
        <translation>笔刷预设 (*{suffix})</translation>
    </message>
</context>
<context>
    <name>recipes</name>
    <message>
        <source>steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>guidance</source>
        <translation>引导</translation>
    </message>
    <message>
        <source>seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>LoRAs</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>not in the library</source>
        <translation>模型库中没有</translation>
    </message>
    <message>
        <source>guidance {0}</source>
        <translation>引导 {0}</translation>
    </message>
    <message>
        <source>nearest here: {0}</source>
        <translation>这里最接近的：{0}</translation>
    </message>
    <message>
        <source>does not suit the model; nearest here: {0}</source>
        <translation>不适合此模型；这里最接近的是：{0}</translation>
    </message>
    <message>
        <source>not known here</source>
        <translation>本程序中没有</translation>
    </message>
    <message>
        <source>not in the library: {0}</source>
        <translation>模型库中没有：{0}</translation>
    </message>
</context>
<context>
    <name>regions</name>
    <message>
        <source>Nothing is selected. Draw a lasso around the place that is to have its own words.</source>
        <translation>没有选区。请用套索圈出要有自己提示词的地方。</translation>
    </message>
    <message>
        <source>Nothing is selected. Draw a lasso around the region&apos;s new place.</source>
        <translation>没有选区。请用套索圈出提示区域的新位置。</translation>
    </message>
    <message>
        <source>A region needs a name. It keeps the one that it had.</source>
        <translation>提示区域需要名称。已保留原来的名称。</translation>
    </message>
    <message>
        <source>There is a saved selection called &apos;{name}&apos; already. Choose another name.</source>
        <translation>已有名为“{name}”的已保存选区。请另选一个名称。</translation>
    </message>
    <message>
        <source>Region {number}</source>
        <translation>提示区域 {number}</translation>
    </message>
</context>
<context>
    <name>remaining</name>
    <message>
        <source>{number} jobs</source>
        <translation>{number} 个任务</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>约剩 {time}</translation>
    </message>
    <message>
        <source>{s} s</source>
        <translation>{s} 秒</translation>
    </message>
    <message>
        <source>{min} min {s} s</source>
        <translation>{min} 分 {s} 秒</translation>
    </message>
    <message>
        <source>{h} h {min} min</source>
        <translation>{h} 小时 {min} 分</translation>
    </message>
</context>
<context>
    <name>reproduce</name>
    <message>
        <source>the model&apos;s file</source>
        <translation>模型文件</translation>
    </message>
    <message>
        <source>the model&apos;s weights</source>
        <translation>模型权重</translation>
    </message>
    <message>
        <source>the device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>the processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>the number format</source>
        <translation>数值格式</translation>
    </message>
    <message>
        <source>the scheduler&apos;s configuration</source>
        <translation>调度器配置</translation>
    </message>
    <message>
        <source>the number of threads</source>
        <translation>线程数</translation>
    </message>
    <message>
        <source>the way memory is saved</source>
        <translation>节省内存的方式</translation>
    </message>
    <message>
        <source>the width at which the model painted</source>
        <translation>模型作画时的宽度</translation>
    </message>
    <message>
        <source>the height at which the model painted</source>
        <translation>模型作画时的高度</translation>
    </message>
    <message>
        <source>the strokes that were painted into it meanwhile</source>
        <translation>其间画进去的笔触</translation>
    </message>
    <message>
        <source>Identical, bit for bit.</source>
        <translation>逐位完全相同。</translation>
    </message>
    <message>
        <source>Different: not even the size is the same.</source>
        <translation>不同：连大小都不一样。</translation>
    </message>
    <message>
        <source>The same to the eye: ΔE {mean} on average, at most {p99} in 99 of 100 pixels.</source>
        <translation>肉眼看来相同：平均 ΔE {mean}，99 % 的像素不超过 {p99}。</translation>
    </message>
    <message>
        <source>Different: ΔE {mean} on average, up to {p99} in 99 of 100 pixels.</source>
        <translation>不同：平均 ΔE {mean}，99 % 的像素在 {p99} 以内。</translation>
    </message>
    <message>
        <source>Not as it was then: {factors}.</source>
        <translation>与当时不同：{factors}。</translation>
    </message>
    <message>
        <source>Model, device, number format, threads and versions are all as they were; the cause is elsewhere.</source>
        <translation>模型、设备、数值格式、线程数和版本都与当时相同；原因在别处。</translation>
    </message>
    <message>
        <source>This generation made no picture, so there is nothing to compare with: {reason}</source>
        <translation>这次生成没有得到图片，因此无从比较：{reason}</translation>
    </message>
    <message>
        <source>The model &apos;{model}&apos; that painted this is not in the library. Put it back, or add its folder with Generate &gt; Model Folders.</source>
        <translation>模型库中没有绘制此图的模型“{model}”。请把它放回去，或用“生成 &gt; 模型文件夹”添加它的文件夹。</translation>
    </message>
</context>
<context>
    <name>reuse</name>
    <message>
        <source>The model &apos;{model}&apos; that painted this is not in the library. Put it back, or add its folder with Generate &gt; Model Folders; the other settings are restored.</source>
        <translation>模型库中没有绘制此图的模型“{model}”。请把它放回去，或用“生成 &gt; 模型文件夹”添加它的文件夹；其他设置已恢复。</translation>
    </message>
    <message>
        <source>The scheduler &apos;{name}&apos; does not suit the model &apos;{model}&apos;; the nearest is set instead: &apos;{nearest}&apos;.</source>
        <translation>调度器“{name}”不适合模型“{model}”；已改用最接近的“{nearest}”。</translation>
    </message>
    <message>
        <source>Its LoRAs are not in the library and left out: {names}.</source>
        <translation>所用的 LoRA 不在模型库中，已略去：{names}。</translation>
    </message>
    <message>
        <source>Its {count} regions are left out: they were not drawn by hand.</source>
        <translation>其中的 {count} 个提示区域已略去：它们不是手绘的。</translation>
    </message>
    <message>
        <source>The region &apos;{name}&apos; is left out: its place cannot be read ({reason}).</source>
        <translation>提示区域“{name}”已略去：无法读取它的位置（{reason}）。</translation>
    </message>
    <message>
        <source>A control layer of the kind “{kind}” is left out: its picture cannot be read ({reason}).</source>
        <translation>已略去一个“{kind}”控制图层：无法读取它的图片（{reason}）。</translation>
    </message>
    <message>
        <source>{kind} from the history</source>
        <translation>历史中的{kind}</translation>
    </message>
</context>
<context>
    <name>self._dialog</name>
    <message>
        <source>Verifying {name}…</source>
        <translation>正在校验 {name}…</translation>
    </message>
    <message>
        <source>Stopped; nothing is known.</source>
        <translation>已停止；未得出结果。</translation>
    </message>
    <message>
        <source>Converting {name}…</source>
        <translation>正在转换 {name}…</translation>
    </message>
    <message>
        <source>Stopped; nothing was written.</source>
        <translation>已停止；未写入任何内容。</translation>
    </message>
    <message>
        <source>Written as {name}; the old file is still there.</source>
        <translation>已写为 {name}；原文件仍在。</translation>
    </message>
    <message>
        <source>The starter model belongs to Handscroll and stays.</source>
        <translation>入门模型是 Handscroll 自带的，不能移除。</translation>
    </message>
    <message>
        <source>{path} could not be moved to the bin. It may lie on a drive without one.</source>
        <translation>无法把 {path} 移到回收站。它所在的驱动器可能没有回收站。</translation>
    </message>
    <message>
        <source>{name} is in the bin.</source>
        <translation>{name} 已在回收站中。</translation>
    </message>
    <message>
        <source>Nothing is painted there. Generate or select something, or move the frame.</source>
        <translation>那里没有画过内容。请生成或选择一些内容，或移动画框。</translation>
    </message>
    <message>
        <source>Picture of the model</source>
        <translation>模型的图片</translation>
    </message>
    <message>
        <source>{name} is not a picture that can be read.</source>
        <translation>{name} 不是可以读取的图片。</translation>
    </message>
    <message>
        <source>The path is on the clipboard.</source>
        <translation>路径已在剪贴板中。</translation>
    </message>
</context>
<context>
    <name>sentences</name>
    <message>
        <source>&apos;{0}&apos; ({1}, {2}) cannot look at references for &apos;{3}&apos;. Choose FLUX Redux, or take the reference away.</source>
        <translation>“{0}”（{1}，{2}）不能为“{3}”查看参考。请选择 FLUX Redux，或去掉参考。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; and the models in memory would take more than their share.</source>
        <translation>“{0}”与内存中的模型合计会超出其份额。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; at {1} holds more than weights, which could run code. It was refused; nothing of it was run.</source>
        <translation>位于 {1} 的“{0}”除权重外还包含其他内容，可能会运行代码。已拒绝打开，其中没有任何内容被运行。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; at {1} holds no table of weights. Choose another model.</source>
        <translation>位于 {1} 的“{0}”不含权重表。请选择别的模型。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; at {1} is damaged, or of a kind that cannot be run.</source>
        <translation>位于 {1} 的“{0}”已损坏，或属于无法运行的种类。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; cannot lie that high</source>
        <translation>“{0}”不能位于那么高的位置</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; does not lie where it should</source>
        <translation>“{0}”不在应在的位置</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; does not look at pictures by itself. Choose an editing model (FLUX Kontext, FLUX.2, Qwen-Image-Edit), or an IP-Adapter for the reference.</source>
        <translation>“{0}”自身不能查看图片。请选择编辑模型（FLUX Kontext、FLUX.2、Qwen-Image-Edit），或为参考选择 IP-Adapter。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; does not see what is asked for ({1}). Choose another.</source>
        <translation>“{0}”不能识别所要求的内容（{1}）。请另选一个。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; holds no LoRA: none of its {1} tensors changes a weight. If it is something else, say so in the model library.</source>
        <translation>“{0}”不含 LoRA：它的 {1} 个张量都不改变任何权重。如果它是别的东西，请在模型库中说明。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; holds no VAE: it has no decoder. Choose another file.</source>
        <translation>“{0}”不含 VAE：没有解码器。请选择别的文件。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; holds no embedding: there are no vectors in it.</source>
        <translation>“{0}”不含嵌入：其中没有向量。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is a GGUF file, and the package that reads these is not installed. Bring it with this command: {1} -m pip install --no-deps gguf</source>
        <translation>“{0}”是 GGUF 文件，但读取它所需的软件包尚未安装。请用此命令安装：{1} -m pip install --no-deps gguf</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is a model of the family {1}, which this version cannot run. Choose a model of one of these families: {2}.</source>
        <translation>“{0}”是 {1} 家族的模型，此版本无法运行。请选择以下家族的模型：{2}。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is a {1} file, which can run foreign code. Use a .safetensors file.</source>
        <translation>“{0}”是 {1} 文件，可能运行外来代码。请使用 .safetensors 文件。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is a {1}, not a VAE. Choose another one.</source>
        <translation>“{0}”是{1}，不是 VAE。请另选一个。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is a {1}, not a control model. Choose a ControlNet or T2I-Adapter.</source>
        <translation>“{0}”是{1}，不是控制模型。请选择 ControlNet 或 T2I-Adapter。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is a {1}, not a whole model. Choose a model that paints.</source>
        <translation>“{0}”是{1}，不是完整的模型。请选择能作画的模型。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is a {1}, which cannot be read here; it stays empty.</source>
        <translation>“{0}”是{1}，此处无法读取；它将保持空白。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is a {1}, which cannot look at references. Choose an IP-Adapter.</source>
        <translation>“{0}”是{1}，不能查看参考。请选择 IP-Adapter。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is far too large for an embedding. Say in the model library what it is.</source>
        <translation>“{0}”太大，不像是嵌入。请在模型库中说明它是什么。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no .safetensors file; other kinds can run foreign code. Use that of its kind.</source>
        <translation>“{0}”不是 .safetensors 文件；其他格式可能运行外来代码。请使用同类的 .safetensors 文件。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no ControlNet and no T2I-Adapter that this version knows.</source>
        <translation>“{0}”不是此版本认识的 ControlNet 或 T2I-Adapter。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no ControlNet for {1} that this version knows.</source>
        <translation>“{0}”不是此版本认识的适用于 {1} 的 ControlNet。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no branch, tag or commit.</source>
        <translation>“{0}”不是分支、标签或提交。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no longer at {1}. Put it back or remove it from the library.</source>
        <translation>“{0}”已不在 {1}。请把它放回去，或从模型库中移除。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no network that makes colour pictures larger. Choose another one.</source>
        <translation>“{0}”不是用来放大彩色图片的网络。请另选一个。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no upscaling model. Choose one, or lanczos, which needs none.</source>
        <translation>“{0}”不是放大模型。请选择放大模型，或选择不需要模型的 lanczos。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is not finished yet: finish or cancel it, then undo.</source>
        <translation>“{0}”尚未完成：请先完成或取消它，再撤销。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is not in the painting</source>
        <translation>“{0}”不在画作中</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is not laid out like a {1} model that Handscroll knows ({2}). If it is of another family, say so in the library; if it is not, use its diffusers folder.</source>
        <translation>“{0}”的结构与 Handscroll 所知的 {1} 模型不符（{2}）。如果它属于别的家族，请在模型库中说明；否则请使用它的 diffusers 文件夹。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is {1}, which this version cannot use. Choose a plain ControlNet.</source>
        <translation>“{0}”是{1}，此版本无法使用。请选择普通的 ControlNet。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is {1}; it cannot {2}. Choose another.</source>
        <translation>“{0}”是{1}；不能{2}。请另选一个。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; lies in a group already</source>
        <translation>“{0}”已经在某个图层组中</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; looks at faces through a recognition network (FaceID), which this version cannot use. Choose a plain, plus or full-face IP-Adapter.</source>
        <translation>“{0}”通过识别网络（FaceID）查看人脸，此版本无法使用。请选择普通、plus 或全脸的 IP-Adapter。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; looks at {1} picture{2} at most, the one it paints over included. Take some of the references out.</source>
        <translation>“{0}”最多查看 {1} 张图片，包括正在重绘的那一张。请去掉一些参考。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; needs the {1} from {2}, which is no longer there. Put it back, or choose another file on the model&apos;s page in the library.</source>
        <translation>“{0}”需要 {2} 中的{1}，但它已不在那里。请把它放回去，或在模型库中该模型的页面上另选文件。</translation>
    </message>
    <message>
        <source>A brush cannot follow &apos;{0}&apos;. Choose one of: {1}.</source>
        <translation>笔刷不能跟随“{0}”。请从以下选择一个：{1}。</translation>
    </message>
    <message>
        <source>A brush has no &apos;{0}&apos; to change. Choose one of: {1}.</source>
        <translation>笔刷没有可改变的“{0}”。请从以下选择一个：{1}。</translation>
    </message>
    <message>
        <source>A brush preset needs an id, a name, a group and settings.</source>
        <translation>笔刷预设需要标识、名称、分组和设置。</translation>
    </message>
    <message>
        <source>A control layer cannot be of the kind {0}.</source>
        <translation>控制图层不能是 {0} 种类。</translation>
    </message>
    <message>
        <source>A corner is too far back: the picture would reach beyond the horizon.</source>
        <translation>有一个角太靠后：图片会越过地平线。</translation>
    </message>
    <message>
        <source>A curve needs 2 to {0} points, not {1}.</source>
        <translation>曲线需要 2 到 {0} 个点，而不是 {1} 个。</translation>
    </message>
    <message>
        <source>A dynamic of a brush cannot be read: {0}.</source>
        <translation>无法读取笔刷的一项动态：{0}。</translation>
    </message>
    <message>
        <source>A folder cannot be called &apos;{0}&apos;.</source>
        <translation>文件夹不能命名为“{0}”。</translation>
    </message>
    <message>
        <source>A layer is made a control layer by a LayerControl, not by {0}.</source>
        <translation>图层要由 LayerControl 变为控制图层，而不是由 {0}。</translation>
    </message>
    <message>
        <source>A layer of &apos;{0}&apos; can be at 0 to {1}, not at {2}.</source>
        <translation>“{0}”的图层可以位于 0 到 {1}，不能位于 {2}。</translation>
    </message>
    <message>
        <source>A mask of the layer &apos;{0}&apos; was left out, because that layer erases and became a mask itself.</source>
        <translation>已略去图层“{0}”的蒙版，因为该图层用于擦除，本身已变为蒙版。</translation>
    </message>
    <message>
        <source>A mask of the layer &apos;{0}&apos; was left out: only one of transparency is read.</source>
        <translation>已略去图层“{0}”的一个蒙版：只能读取透明度蒙版。</translation>
    </message>
    <message>
        <source>A message header cannot be read: {0}.</source>
        <translation>无法读取消息头：{0}。</translation>
    </message>
    <message>
        <source>A message header of {0} bytes is over the limit of {1}.</source>
        <translation>消息头有 {0} 字节，超过上限 {1}。</translation>
    </message>
    <message>
        <source>A message of {0} bytes and {1} pictures is too large to send.</source>
        <translation>消息有 {0} 字节、{1} 张图片，太大而无法发送。</translation>
    </message>
    <message>
        <source>A part of the painting cannot be shown: {0} It is shown empty; keep a copy of the file.</source>
        <translation>画作的一部分无法显示：{0} 它显示为空白；请保留一份文件副本。</translation>
    </message>
    <message>
        <source>A part of the undo history cannot be read: {0}</source>
        <translation>撤销历史的一部分无法读取：{0}</translation>
    </message>
    <message>
        <source>A picture cannot be {0} x {1} pixels.</source>
        <translation>图片不能是 {0} × {1} 像素。</translation>
    </message>
    <message>
        <source>A picture must be height x width x 4 bytes, not {0} of {1}.</source>
        <translation>图片必须是高 × 宽 × 4 字节，而不是 {1} 类型的 {0}。</translation>
    </message>
    <message>
        <source>A picture of shape {0} cannot travel.</source>
        <translation>形状为 {0} 的图片无法传送。</translation>
    </message>
    <message>
        <source>A picture of shape {0} is over the limit of {1} bytes.</source>
        <translation>形状为 {0} 的图片超过 {1} 字节的上限。</translation>
    </message>
    <message>
        <source>A radial symmetry has 2 to 32 copies, not {0}.</source>
        <translation>径向对称可有 2 到 32 份，不能是 {0} 份。</translation>
    </message>
    <message>
        <source>A range in {0} goes from {1} to {2}; it must lie in 0..1 and not run backwards.</source>
        <translation>{0} 中的一个范围从 {1} 到 {2}；它必须位于 0 到 1 之间且不能倒序。</translation>
    </message>
    <message>
        <source>A reference picture is {0} x {1}; at most {2} a side.</source>
        <translation>一张参考图片为 {0} × {1}；每边最多 {2}。</translation>
    </message>
    <message>
        <source>A reference picture must be uint8 RGBA and hold a pixel at least.</source>
        <translation>参考图片必须是 uint8 RGBA，且至少有一个像素。</translation>
    </message>
    <message>
        <source>A request to the engine cannot be read: {0}.</source>
        <translation>无法读取发给引擎的请求：{0}。</translation>
    </message>
    <message>
        <source>A selection may be at most {0} pixels wide and high; this one would be {1} x {2}. Select a smaller area.</source>
        <translation>选区的宽和高最多 {0} 像素；这个会是 {1} × {2}。请选小一些的区域。</translation>
    </message>
    <message>
        <source>A selection of {0} x {1} pixels needs a mask of that size in bytes, not {2} of {3}.</source>
        <translation>{0} × {1} 像素的选区需要同样大小的字节蒙版，而不是 {3} 类型的 {2}。</translation>
    </message>
    <message>
        <source>A tile has the impossible size {0}.</source>
        <translation>图块的大小 {0} 不可能存在。</translation>
    </message>
    <message>
        <source>A weight in {0} is {1}; it must be between 0 and 4.</source>
        <translation>{0} 中有一个权重为 {1}；必须在 0 到 4 之间。</translation>
    </message>
    <message>
        <source>Adjustment layers may look a little different in other programs.</source>
        <translation>调整图层在其他程序中看起来可能略有不同。</translation>
    </message>
    <message>
        <source>An editing model sees a reference wholly or not at all: set its weight to 1 or 0.</source>
        <translation>编辑模型要么完整地看到参考，要么完全看不到：请把它的权重设为 1 或 0。</translation>
    </message>
    <message>
        <source>An embedding has no word in the prompt. Give it one.</source>
        <translation>有一个嵌入在提示词中没有对应的词。请给它一个词。</translation>
    </message>
    <message>
        <source>An event from the engine cannot be read: {0}.</source>
        <translation>无法读取来自引擎的事件：{0}。</translation>
    </message>
    <message>
        <source>An overlap of {0} does not suit windows of {1}.</source>
        <translation>重叠 {0} 不适合 {1} 的窗口块。</translation>
    </message>
    <message>
        <source>Beginning, end, detail and thickness of a control layer lie between 0 and 1, in this order.</source>
        <translation>控制图层的起点、终点、细节和粗细须按此顺序位于 0 到 1 之间。</translation>
    </message>
    <message>
        <source>CLIP ViT-H/14</source>
        <translation>CLIP ViT-H/14</translation>
    </message>
    <message>
        <source>CLIP ViT-L/14</source>
        <translation>CLIP ViT-L/14</translation>
    </message>
    <message>
        <source>CLIP ViT-bigG/14</source>
        <translation>CLIP ViT-bigG/14</translation>
    </message>
    <message>
        <source>Cannot flatten {0} x {1} pixels at scale {2}.</source>
        <translation>无法以 {2} 的缩放合并 {0} × {1} 像素。</translation>
    </message>
    <message>
        <source>Choose at least three layers with something on them to distribute.</source>
        <translation>请至少选择三个有内容的图层来分布。</translation>
    </message>
    <message>
        <source>Civitai has no such version of this model. Is the number right?</source>
        <translation>Civitai 上没有此模型的这个版本。编号对吗？</translation>
    </message>
    <message>
        <source>Civitai names another site as the place of this file; it is not asked with your key.</source>
        <translation>Civitai 说此文件位于另一个网站；不会用你的密钥去访问它。</translation>
    </message>
    <message>
        <source>Events of the kind {0} do not travel.</source>
        <translation>{0} 种类的事件不能传送。</translation>
    </message>
    <message>
        <source>Expected a message of version {0}, but got {1}.</source>
        <translation>应为版本 {0} 的消息，收到的却是 {1}。</translation>
    </message>
    <message>
        <source>Generation {0} has no candidate number {1}.</source>
        <translation>生成 {0} 没有编号为 {1} 的候选图。</translation>
    </message>
    <message>
        <source>HANDSCROLL_DTYPE asks for fp16, which a CPU computes hundreds of times too slowly.</source>
        <translation>HANDSCROLL_DTYPE 要求 fp16，CPU 计算它要慢几百倍。</translation>
    </message>
    <message>
        <source>HANDSCROLL_DTYPE is &apos;{0}&apos;; it must be one of {1} or auto.</source>
        <translation>HANDSCROLL_DTYPE 为“{0}”；必须是 {1} 之一或 auto。</translation>
    </message>
    <message>
        <source>In other programs {0}; Handscroll opens all as it is.</source>
        <translation>在其他程序中：{0}；Handscroll 打开时一切保持原样。</translation>
    </message>
    <message>
        <source>It ended for a reason nobody foresaw; see the log.</source>
        <translation>下载因未能预料的原因结束；详情见日志。</translation>
    </message>
    <message>
        <source>It is no tile.</source>
        <translation>它不是图块。</translation>
    </message>
    <message>
        <source>Its 16 or 32 bits per channel were reduced to 8.</source>
        <translation>每通道 16 或 32 位已降为 8 位。</translation>
    </message>
    <message>
        <source>Its colour profile could not be used; colours may look different.</source>
        <translation>无法使用颜色配置文件；颜色看起来可能不同。</translation>
    </message>
    <message>
        <source>Its colours were converted to sRGB.</source>
        <translation>颜色已转换为 sRGB。</translation>
    </message>
    <message>
        <source>Its duotone was read as grey.</source>
        <translation>双色调已按灰度读取。</translation>
    </message>
    <message>
        <source>Its file ends too early; copy or download it again.</source>
        <translation>它的文件过早结束；请重新复制或下载。</translation>
    </message>
    <message>
        <source>Its layers are damaged ({0}): this is the merged picture of the file.</source>
        <translation>它的图层已损坏（{0}）：这里是文件中的合并图片。</translation>
    </message>
    <message>
        <source>Its printing colours (CMYK) were converted without a profile and may look different.</source>
        <translation>印刷色（CMYK）在没有配置文件的情况下转换，颜色可能有偏差。</translation>
    </message>
    <message>
        <source>Its printing or Lab colours were converted without a profile and may look different.</source>
        <translation>印刷色或 Lab 颜色在没有配置文件的情况下转换，颜色可能有偏差。</translation>
    </message>
    <message>
        <source>Its weight {0} has the shape {1}, not {2}.</source>
        <translation>它的权重 {0} 的形状是 {1}，而不是 {2}。</translation>
    </message>
    <message>
        <source>Its weights are cut in a way that is not known here.</source>
        <translation>它的权重以此处未知的方式切分。</translation>
    </message>
    <message>
        <source>Its {0} bits per channel were reduced to 8.</source>
        <translation>每通道 {0} 位已降为 8 位。</translation>
    </message>
    <message>
        <source>Job {0} was cancelled.</source>
        <translation>任务 {0} 已取消。</translation>
    </message>
    <message>
        <source>Memory ran out (stage: load).</source>
        <translation>内存不足（阶段：载入）。</translation>
    </message>
    <message>
        <source>Memory ran out (stage: {0}) and nothing is left to save.</source>
        <translation>内存不足（阶段：{0}），已没有可再节省的。</translation>
    </message>
    <message>
        <source>Memory ran out while painting {0} x {1} pixels. Choose a smaller frame or a smaller model, or close other programs.</source>
        <translation>绘制 {0} × {1} 像素时内存不足。请缩小画框、选择小一些的模型，或关闭其他程序。</translation>
    </message>
    <message>
        <source>Memory ran short: {0}. The picture was finished.</source>
        <translation>内存不足：{0}。图片已完成。</translation>
    </message>
    <message>
        <source>Models of the family {0} cannot look at references through an IP-Adapter. Take the reference away, or choose a model of Stable Diffusion or FLUX.</source>
        <translation>{0} 家族的模型不能通过 IP-Adapter 查看参考。请去掉参考，或选择 Stable Diffusion 或 FLUX 的模型。</translation>
    </message>
    <message>
        <source>Models of the family {0} do not read as CLIP does: no {1}.</source>
        <translation>{0} 家族的模型不像 CLIP 那样读取文字：不能使用{1}。</translation>
    </message>
    <message>
        <source>Models of the family {0} read whole sentences: weights of words and BREAK count for nothing there.</source>
        <translation>{0} 家族的模型按整句读取：词的权重和 BREAK 在那里不起作用。</translation>
    </message>
    <message>
        <source>Moving pictures cannot be written as &apos;{0}&apos;. Use one of {1}.</source>
        <translation>动态图片不能写成“{0}”。请使用以下之一：{1}。</translation>
    </message>
    <message>
        <source>MyPaint blended it in linear light: soft and see-through parts look different here.</source>
        <translation>MyPaint 在线性光下混合：柔和和半透明的部分在这里看起来会不同。</translation>
    </message>
    <message>
        <source>No model is chosen. Choose one in the prompt panel.</source>
        <translation>没有选择模型。请在提示词面板中选择一个。</translation>
    </message>
    <message>
        <source>Nothing is painted there. Select something, or move the frame.</source>
        <translation>那里还没有画。请选中一处，或移动画框。</translation>
    </message>
    <message>
        <source>Nothing of a painting can be found in {0}. The file has not been changed; open a copy of it from a backup if you have one.</source>
        <translation>在 {0} 中找不到画作的任何内容。文件没有改动；如有备份，请打开备份中的副本。</translation>
    </message>
    <message>
        <source>Only layers with pixels, and groups, can be control layers.</source>
        <translation>只有带像素的图层和图层组可以成为控制图层。</translation>
    </message>
    <message>
        <source>Only the first of its pictures was read.</source>
        <translation>只读取了其中的第一张图片。</translation>
    </message>
    <message>
        <source>Only the merged picture of {0} was opened: {1}.</source>
        <translation>只打开了 {0} 的合并图片：{1}。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; cannot follow a picture of the kind {1}. Say what it shows: canny, depth, pose …</source>
        <translation>“{0}”不能跟随{1}的图片。请说明图片的内容：canny、depth、pose …</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; cannot follow a picture whose kind nobody said. Say what it shows: canny, depth, pose …</source>
        <translation>“{0}”不能跟随未说明种类的图片。请说明图片的内容：canny、depth、pose …</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; holds no {1}. Add a file with it to the library, and choose it on the model&apos;s page.</source>
        <translation>“{0}”不含{1}。请把含有它的文件添加到模型库，并在模型页面上选择它。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; holds no {1}. Add a file with it, such as {2}, to the library, and choose it on the model&apos;s page.</source>
        <translation>“{0}”不含{1}。请把含有它的文件（例如 {2}）添加到模型库，并在模型页面上选择它。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is a captioning model of a kind ({1}) that is not known.</source>
        <translation>“{0}”是未知种类（{1}）的图片描述模型。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is a refiner: it finishes what another model began. Paint with that one first, then refine the picture with this one (image to image at a low strength).</source>
        <translation>“{0}”是精修模型：它完成别的模型开始的画面。请先用那个模型绘制，再用它精修图片（低强度的图生图）。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is made for clips: it lets a picture move, and paints none that stand still. Animate the frame with it, or choose another model to paint with.</source>
        <translation>“{0}”用于制作短片：它让图片动起来，不绘制静止的图片。请用它让画框动起来，或另选作画的模型。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; lets a picture move and needs one. Paint or open one, and animate that.</source>
        <translation>“{0}”让图片动起来，因此需要一张图片。请先画或打开一张，再让它动起来。</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; paints pictures that stand still. To let a picture move, choose a Wan model.</source>
        <translation>“{0}”绘制静止的图片。要让图片动起来，请选择 Wan 模型。</translation>
    </message>
    <message>
        <source>A variation goes {0} of the way to seed {1}; it must be 0 to 1.</source>
        <translation>向种子 {1} 的变体比例为 {0}；必须在 0 到 1 之间。</translation>
    </message>
    <message>
        <source>Describe in detail what is shown in the image.</source>
        <translation>详细描述图片中的内容。</translation>
    </message>
    <message>
        <source>Describe this picture in detail: what it shows, its style, light and colours.</source>
        <translation>详细描述这张图片：内容、风格、光线和颜色。</translation>
    </message>
    <message>
        <source>Describe this picture in one sentence.</source>
        <translation>用一句话描述这张图片。</translation>
    </message>
    <message>
        <source>Describe with a paragraph what is shown in the image.</source>
        <translation>用一段文字描述图片中的内容。</translation>
    </message>
    <message>
        <source>List what this picture shows as short tags, separated by commas. Write nothing else.</source>
        <translation>用逗号分隔的短标签列出图片内容。不要写别的。</translation>
    </message>
    <message>
        <source>Only the nearest {0} of {1} steps can be redone: {2}. The painting itself is as it was.</source>
        <translation>{1} 步中只有最近的 {0} 步可以重做：{2}。画作本身保持原样。</translation>
    </message>
    <message>
        <source>Only the nearest {0} of {1} steps can be undone: {2}. The painting itself is as it was.</source>
        <translation>{1} 步中只有最近的 {0} 步可以撤销：{2}。画作本身保持原样。</translation>
    </message>
    <message>
        <source>Opacity goes from 0 to 1, not {0}.</source>
        <translation>不透明度为 0 到 1，不能是 {0}。</translation>
    </message>
    <message>
        <source>Paint cannot be laid in the mode {0}. Choose another one.</source>
        <translation>不能以 {0} 模式上色。请另选一种。</translation>
    </message>
    <message>
        <source>Painting goes on in memory and is written as soon as that works.</source>
        <translation>绘画会在内存中继续，一旦恢复正常就会写入文件。</translation>
    </message>
    <message>
        <source>Photoshop files can have {0} layers; merge some first.</source>
        <translation>Photoshop 文件可有 {0} 个图层；请先合并一些。</translation>
    </message>
    <message>
        <source>Photoshop has no blend modes erase, atop and behind: such layers were put into groups, masks and clipping.</source>
        <translation>Photoshop 没有“擦除”“置于其上”和“背后”混合模式：这些图层已放入图层组、蒙版和剪贴中。</translation>
    </message>
    <message>
        <source>Pictures cannot be written as &apos;{0}&apos;. Use one of {1}.</source>
        <translation>图片不能写成“{0}”。请使用以下之一：{1}。</translation>
    </message>
    <message>
        <source>Proxies of the kind &apos;{0}&apos; cannot be used; an http:// proxy can.</source>
        <translation>不能使用“{0}”种类的代理；可以使用 http:// 代理。</translation>
    </message>
    <message>
        <source>Single files of the family {0} cannot be opened yet. Use the model&apos;s diffusers folder.</source>
        <translation>还不能打开 {0} 家族的单个文件。请使用该模型的 diffusers 文件夹。</translation>
    </message>
    <message>
        <source>Single files of the kind {0} cannot be read.</source>
        <translation>无法读取 {0} 种类的单个文件。</translation>
    </message>
    <message>
        <source>Some layers that only undo needs cannot be read: {0}</source>
        <translation>有些只有撤销才用到的图层无法读取：{0}</translation>
    </message>
    <message>
        <source>Stable Diffusion 1</source>
        <translation>Stable Diffusion 1</translation>
    </message>
    <message>
        <source>Stable Diffusion 2</source>
        <translation>Stable Diffusion 2</translation>
    </message>
    <message>
        <source>Stable Diffusion 3</source>
        <translation>Stable Diffusion 3</translation>
    </message>
    <message>
        <source>Stable Diffusion XL</source>
        <translation>Stable Diffusion XL</translation>
    </message>
    <message>
        <source>Stored pixels are damaged ({0}).</source>
        <translation>存储的像素已损坏（{0}）。</translation>
    </message>
    <message>
        <source>Stored pixels are damaged: a plain colour has the wrong length.</source>
        <translation>存储的像素已损坏：纯色的长度不对。</translation>
    </message>
    <message>
        <source>Stored pixels are damaged: some are missing.</source>
        <translation>存储的像素已损坏：缺少一部分。</translation>
    </message>
    <message>
        <source>Stored pixels are damaged: their size is not what the file says.</source>
        <translation>存储的像素已损坏：大小与文件所说的不符。</translation>
    </message>
    <message>
        <source>Stored pixels claim the impossible size {0}.</source>
        <translation>存储的像素声称有不可能的大小 {0}。</translation>
    </message>
    <message>
        <source>Stored pixels use the unknown coding {0}; a newer Handscroll can read them.</source>
        <translation>存储的像素使用未知的编码 {0}；更新版本的 Handscroll 可以读取。</translation>
    </message>
    <message>
        <source>The IP-Adapter &apos;{0}&apos; ({1}) does not fit &apos;{2}&apos; ({3}). Choose one of the same family, or take the reference away.</source>
        <translation>IP-Adapter“{0}”（{1}）与“{2}”（{3}）不匹配。请选择同一家族的，或去掉参考。</translation>
    </message>
    <message>
        <source>The IP-Adapter &apos;{0}&apos; at {1} cannot be read: {2}</source>
        <translation>无法读取位于 {1} 的 IP-Adapter“{0}”：{2}</translation>
    </message>
    <message>
        <source>The IP-Adapter &apos;{0}&apos; needs the vision network that it sees with ({1}). Put it into a model folder of the library, or as &apos;image_encoder&apos; beside the adapter.</source>
        <translation>IP-Adapter“{0}”需要它用来看图的视觉网络（{1}）。请把该网络放入模型库的某个模型文件夹，或以“image_encoder”之名放在适配器旁边。</translation>
    </message>
    <message>
        <source>The IP-Adapter &apos;{0}&apos; was made for another family than &apos;{1}&apos; ({2}). Choose one of the same family.</source>
        <translation>IP-Adapter“{0}”是为不同于“{1}”（{2}）的家族制作的。请选择同一家族的。</translation>
    </message>
    <message>
        <source>The LoRA &apos;{0}&apos; at {1} is damaged: {2}. Copy or download it again.</source>
        <translation>位于 {1} 的 LoRA“{0}”已损坏：{2}。请重新复制或下载。</translation>
    </message>
    <message>
        <source>The LoRA &apos;{0}&apos; changes weights in a way that this version cannot (its tensor {1}). LoRA, LoHa, LoKr, DoRA and whole differences can be used.</source>
        <translation>LoRA“{0}”改变权重的方式此版本不支持（它的张量 {1}）。可以使用 LoRA、LoHa、LoKr、DoRA 和整体差值。</translation>
    </message>
    <message>
        <source>The LoRA &apos;{0}&apos; does not fit the model &apos;{1}&apos; at {2}: {3}. Choose a LoRA made for {4}.</source>
        <translation>LoRA“{0}”与模型“{1}”在 {2} 处不匹配：{3}。请选择为 {4} 制作的 LoRA。</translation>
    </message>
    <message>
        <source>The LoRA &apos;{0}&apos; does not fit the model &apos;{1}&apos;: of the {2} places it changes, the model has {3} (it lacks {4}). Choose a LoRA made for {5}.</source>
        <translation>LoRA“{0}”与模型“{1}”不匹配：它改变的 {2} 处中，模型只有 {3} 处（缺少 {4}）。请选择为 {5} 制作的 LoRA。</translation>
    </message>
    <message>
        <source>The LoRA &apos;{0}&apos; is a pickled file, which can run foreign code. Convert it to safetensors first.</source>
        <translation>LoRA“{0}”是 pickle 文件，可能运行外来代码。请先把它转换为 safetensors。</translation>
    </message>
    <message>
        <source>The LoRA &apos;{0}&apos; is made for {1}; the chosen model is {2}. Leave it out.</source>
        <translation>LoRA“{0}”适用于 {1}，而所选模型是 {2}。请去掉它。</translation>
    </message>
    <message>
        <source>The LoRA &apos;{0}&apos; is named in the words of a region. LoRAs act on the whole picture: name it in the prompt instead.</source>
        <translation>LoRA“{0}”写在了提示区域的文字里。LoRA 作用于整张图片：请改写到提示词中。</translation>
    </message>
    <message>
        <source>The LoRA &apos;{0}&apos; replaces whole weights, and those of &apos;{1}&apos; are packed ({2}). Use a plain LoRA, or a model that is not packed.</source>
        <translation>LoRA“{0}”替换整个权重，而“{1}”的权重是压缩的（{2}）。请使用普通的 LoRA，或未压缩的模型。</translation>
    </message>
    <message>
        <source>The Redux adapter &apos;{0}&apos; at {1} cannot be read: {2}</source>
        <translation>无法读取位于 {1} 的 Redux 适配器“{0}”：{2}</translation>
    </message>
    <message>
        <source>The Redux adapter &apos;{0}&apos; needs the vision network that it sees with (SigLIP, {1} numbers wide). Put it into a model folder of the library, or as &apos;image_encoder&apos; beside the adapter.</source>
        <translation>Redux 适配器“{0}”需要它用来看图的视觉网络（SigLIP，宽度 {1}）。请把该网络放入模型库的某个模型文件夹，或以“image_encoder”之名放在适配器旁边。</translation>
    </message>
    <message>
        <source>The Redux adapter &apos;{0}&apos; was made for another model than &apos;{1}&apos;.</source>
        <translation>Redux 适配器“{0}”是为不同于“{1}”的模型制作的。</translation>
    </message>
    <message>
        <source>The VAE &apos;{0}&apos; at {1} cannot be read: {2}. Copy or download it again, or use the model&apos;s own.</source>
        <translation>无法读取位于 {1} 的 VAE“{0}”：{2}。请重新复制或下载，或使用模型自带的。</translation>
    </message>
    <message>
        <source>The VAE &apos;{0}&apos; has latents of {1} channels at 1/{2} of the size, and the model &apos;{3}&apos; wants {4} at 1/{5}. Choose a VAE made for {6}.</source>
        <translation>VAE“{0}”的潜变量为 {1} 个通道、1/{2} 大小，而模型“{3}”需要 {4} 个通道、1/{5} 大小。请选择为 {6} 制作的 VAE。</translation>
    </message>
    <message>
        <source>The VAE &apos;{0}&apos; is made for {1}, and the model &apos;{2}&apos; is {3}. Choose another VAE, or the model&apos;s own.</source>
        <translation>VAE“{0}”适用于 {1}，而模型“{2}”是 {3}。请另选 VAE，或使用模型自带的。</translation>
    </message>
    <message>
        <source>The address holds a name or password; addresses with such are not asked.</source>
        <translation>网址中含有用户名或密码；不会访问这样的网址。</translation>
    </message>
    <message>
        <source>The adjustment &apos;{0}&apos; cannot be read: {1}.</source>
        <translation>无法读取调整“{0}”：{1}。</translation>
    </message>
    <message>
        <source>The adjustment &apos;{0}&apos; is not known to this version.</source>
        <translation>此版本不认识调整“{0}”。</translation>
    </message>
    <message>
        <source>The adjustment of the layer &apos;{0}&apos; is not known here and does nothing.</source>
        <translation>此处不认识图层“{0}”的调整，它不起作用。</translation>
    </message>
    <message>
        <source>The adjustment of the layer &apos;{0}&apos; may look a little different here.</source>
        <translation>图层“{0}”的调整在这里看起来可能略有不同。</translation>
    </message>
    <message>
        <source>The answer of {0} cannot be understood. Is the address right?</source>
        <translation>无法理解 {0} 的回答。网址对吗？</translation>
    </message>
    <message>
        <source>The answer of {0} cannot be understood: it is not JSON. Is the address right?</source>
        <translation>无法理解 {0} 的回答：它不是 JSON。网址对吗？</translation>
    </message>
    <message>
        <source>The answer of {0} is far too long. Nothing was downloaded.</source>
        <translation>{0} 的回答太长。没有下载任何内容。</translation>
    </message>
    <message>
        <source>The blend mode {0} is not known here and was replaced by normal.</source>
        <translation>此处不认识混合模式 {0}，已改用正常模式。</translation>
    </message>
    <message>
        <source>The blend mode {0} of the layer &apos;{1}&apos; is not known here and was replaced by normal.</source>
        <translation>此处不认识图层“{1}”的混合模式 {0}，已改用正常模式。</translation>
    </message>
    <message>
        <source>The blend mode {0} of the layer &apos;{1}&apos; is not known here: it is {2} now.</source>
        <translation>此处不认识图层“{1}”的混合模式 {0}：现在改为 {2}。</translation>
    </message>
    <message>
        <source>The brush&apos;s {0} &apos;{1}&apos; is not known. Choose one of: {2}.</source>
        <translation>不认识笔刷的 {0}“{1}”。请从以下选择一个：{2}。</translation>
    </message>
    <message>
        <source>The brush&apos;s {0} cannot be {1}.</source>
        <translation>笔刷的 {0} 不能是 {1}。</translation>
    </message>
    <message>
        <source>The brush&apos;s {0} must be between {1} and {2}, not {3}.</source>
        <translation>笔刷的 {0} 必须在 {1} 到 {2} 之间，不能是 {3}。</translation>
    </message>
    <message>
        <source>The catalogue of models cannot be read ({0}). Install Handscroll again.</source>
        <translation>无法读取模型目录（{0}）。请重新安装 Handscroll。</translation>
    </message>
    <message>
        <source>The catalogue&apos;s entry {0} is not whole.</source>
        <translation>目录中的条目 {0} 不完整。</translation>
    </message>
    <message>
        <source>The certificate of {0} is not valid ({1}), so nothing was downloaded. Check the clock of this computer, or ask who runs its network.</source>
        <translation>{0} 的证书无效（{1}），因此没有下载任何内容。请检查这台电脑的时钟，或询问网络管理员。</translation>
    </message>
    <message>
        <source>The connection ended in the middle of a message.</source>
        <translation>连接在一条消息中途断开。</translation>
    </message>
    <message>
        <source>The connection ended in the middle of a picture.</source>
        <translation>连接在一张图片中途断开。</translation>
    </message>
    <message>
        <source>The connection to {0} broke off.</source>
        <translation>与 {0} 的连接中断了。</translation>
    </message>
    <message>
        <source>The control model &apos;{0}&apos; at {1} cannot be read: {2}.</source>
        <translation>无法读取位于 {1} 的控制模型“{0}”：{2}。</translation>
    </message>
    <message>
        <source>The control model &apos;{0}&apos; is a {1}, which this version cannot use.</source>
        <translation>控制模型“{0}”是{1}，此版本无法使用。</translation>
    </message>
    <message>
        <source>The control model &apos;{0}&apos; is of the family {1}, and &apos;{2}&apos; of {3}. Choose one of the same family.</source>
        <translation>控制模型“{0}”属于 {1} 家族，而“{2}”属于 {3}。请选择同一家族的。</translation>
    </message>
    <message>
        <source>The control model &apos;{0}&apos; was made for another family than &apos;{1}&apos; ({2}). Choose one of the same family, or another model to paint with.</source>
        <translation>控制模型“{0}”是为不同于“{1}”（{2}）的家族制作的。请选择同一家族的，或另选作画的模型。</translation>
    </message>
    <message>
        <source>The corners must not cross or lie on one line. Pull this corner further out.</source>
        <translation>各角不能交叉，也不能在一条直线上。请把这个角再往外拉。</translation>
    </message>
    <message>
        <source>The disk at {0} is full. Make room and resume; what came is kept.</source>
        <translation>{0} 处的磁盘已满。请腾出空间后继续；已下载的部分会保留。</translation>
    </message>
    <message>
        <source>The download was stopped.</source>
        <translation>下载已停止。</translation>
    </message>
    <message>
        <source>The effects (shadows, glows and the like) of the layer &apos;{0}&apos; were left out.</source>
        <translation>已略去图层“{0}”的效果（阴影、发光等）。</translation>
    </message>
    <message>
        <source>The embedding &apos;{0}&apos; at {1} cannot be read: {2}. Copy or download it again.</source>
        <translation>无法读取位于 {1} 的嵌入“{0}”：{2}。请重新复制或下载。</translation>
    </message>
    <message>
        <source>The embedding &apos;{0}&apos; has vectors of {1} numbers, and the model &apos;{2}&apos; reads {3}. Choose an embedding made for {4}.</source>
        <translation>嵌入“{0}”的向量有 {1} 个数，而模型“{2}”读取 {3} 个。请选择为 {4} 制作的嵌入。</translation>
    </message>
    <message>
        <source>The engine could not be started: {0}.</source>
        <translation>无法启动引擎：{0}。</translation>
    </message>
    <message>
        <source>The engine could not start: {0}.</source>
        <translation>引擎未能启动：{0}。</translation>
    </message>
    <message>
        <source>The engine does not know the verb {0}.</source>
        <translation>引擎不认识动作 {0}。</translation>
    </message>
    <message>
        <source>The engine ended unexpectedly (exit code {0}).</source>
        <translation>引擎意外结束（退出代码 {0}）。</translation>
    </message>
    <message>
        <source>The engine has been closed; no more jobs can be queued.</source>
        <translation>引擎已关闭；不能再排入任务。</translation>
    </message>
    <message>
        <source>The engine stumbled over this job ({0}: {1}). The next job can run as usual.</source>
        <translation>引擎在此任务上出了错（{0}：{1}）。下一个任务可以照常运行。</translation>
    </message>
    <message>
        <source>The engine was never told where the model &apos;{0}&apos; is.</source>
        <translation>引擎不知道模型“{0}”在哪里。</translation>
    </message>
    <message>
        <source>The engine was stopped from outside ({0}).</source>
        <translation>引擎被外部停止（{0}）。</translation>
    </message>
    <message>
        <source>The family of {0} is not recognised. If you know it, say so in the library.</source>
        <translation>无法识别 {0} 的家族。如果你知道，请在模型库中说明。</translation>
    </message>
    <message>
        <source>The file was written by somebody else meanwhile.</source>
        <translation>在此期间有别的程序写了该文件。</translation>
    </message>
    <message>
        <source>The file would be larger than 2 GB, which Photoshop does not read. Export OpenRaster instead.</source>
        <translation>文件会超过 2 GB，Photoshop 无法读取。请改为导出 OpenRaster。</translation>
    </message>
    <message>
        <source>The film has no picture with the number {0}.</source>
        <translation>影片中没有编号为 {0} 的图片。</translation>
    </message>
    <message>
        <source>The folder {0} is not a model: it has no {1}.</source>
        <translation>文件夹 {0} 不是模型：它没有 {1}。</translation>
    </message>
    <message>
        <source>The frame must be at least one pixel wide and high.</source>
        <translation>画框的宽和高至少为一个像素。</translation>
    </message>
    <message>
        <source>The generation {0} is already in the log.</source>
        <translation>生成 {0} 已在历史中。</translation>
    </message>
    <message>
        <source>The group &apos;{0}&apos; cannot be moved into itself.</source>
        <translation>图层组“{0}”不能移入自身。</translation>
    </message>
    <message>
        <source>The group &apos;{0}&apos; erases, lies atop or behind, which Photoshop cannot do; it was written as normal.</source>
        <translation>图层组“{0}”用于擦除、置于其上或背后，Photoshop 做不到；已写为正常模式。</translation>
    </message>
    <message>
        <source>The job id {0} is already in use.</source>
        <translation>任务标识 {0} 已被使用。</translation>
    </message>
    <message>
        <source>The layer &apos;{0}&apos; already has a mask. Remove or change that one.</source>
        <translation>图层“{0}”已有蒙版。请移除或修改它。</translation>
    </message>
    <message>
        <source>The layer &apos;{0}&apos; cannot be copied.</source>
        <translation>无法复制图层“{0}”。</translation>
    </message>
    <message>
        <source>The layer &apos;{0}&apos; has no mask.</source>
        <translation>图层“{0}”没有蒙版。</translation>
    </message>
    <message>
        <source>The layer &apos;{0}&apos; has no property {1}.</source>
        <translation>图层“{0}”没有属性 {1}。</translation>
    </message>
    <message>
        <source>The layer &apos;{0}&apos; is a shape or fill without pixels of its own; it stays empty.</source>
        <translation>图层“{0}”是没有自身像素的形状或填充；它将保持空白。</translation>
    </message>
    <message>
        <source>The layer &apos;{0}&apos; is already in this document.</source>
        <translation>图层“{0}”已在这份文档中。</translation>
    </message>
    <message>
        <source>The layer &apos;{0}&apos; is locked. Unlock it in the layers panel to change it.</source>
        <translation>图层“{0}”已锁定。请在图层面板中解锁后再修改。</translation>
    </message>
    <message>
        <source>The layer &apos;{0}&apos; is not part of this document any more.</source>
        <translation>图层“{0}”已不属于这份文档。</translation>
    </message>
    <message>
        <source>The layer &apos;{0}&apos; is not part of this document.</source>
        <translation>图层“{0}”不属于这份文档。</translation>
    </message>
    <message>
        <source>The layer &apos;{0}&apos; of {1} cannot be read: {2}</source>
        <translation>无法读取 {1} 的图层“{0}”：{2}</translation>
    </message>
    <message>
        <source>The layer list of {0} is damaged ({1}).</source>
        <translation>{0} 的图层列表已损坏（{1}）。</translation>
    </message>
    <message>
        <source>The layers in the clipboard are damaged: {0}. Copy them again.</source>
        <translation>剪贴板中的图层已损坏：{0}。请重新复制。</translation>
    </message>
    <message>
        <source>The layers in the clipboard are too large.</source>
        <translation>剪贴板中的图层太大。</translation>
    </message>
    <message>
        <source>The layers in the clipboard come from another version of Handscroll.</source>
        <translation>剪贴板中的图层来自另一个版本的 Handscroll。</translation>
    </message>
    <message>
        <source>The layers of {0} hold more than {1} megapixels together, which is more than can be opened.</source>
        <translation>{0} 的图层合计超过 {1} 百万像素，无法打开。</translation>
    </message>
    <message>
        <source>The list of layers of {0} is damaged ({1}).</source>
        <translation>{0} 的图层清单已损坏（{1}）。</translation>
    </message>
    <message>
        <source>The list of styles cannot be read: {0}.</source>
        <translation>无法读取风格列表：{0}。</translation>
    </message>
    <message>
        <source>The mask is empty: nothing is selected to be repainted.</source>
        <translation>蒙版是空的：没有选中要重绘的内容。</translation>
    </message>
    <message>
        <source>The mask of the layer &apos;{0}&apos; is missing: {1}.</source>
        <translation>图层“{0}”缺少蒙版：{1}。</translation>
    </message>
    <message>
        <source>The masks and clipped layers of &apos;{0}&apos; could not be read; they are applied.</source>
        <translation>无法读取“{0}”的蒙版和剪贴图层；它们已直接应用。</translation>
    </message>
    <message>
        <source>The model &apos;{0}&apos; at {1} cannot be read: {2}</source>
        <translation>无法读取位于 {1} 的模型“{0}”：{2}</translation>
    </message>
    <message>
        <source>The model &apos;{0}&apos; at {1} cannot be read; it is damaged or incomplete.</source>
        <translation>无法读取位于 {1} 的模型“{0}”；它已损坏或不完整。</translation>
    </message>
    <message>
        <source>The model &apos;{0}&apos; does not say how prompts are put to its text encoder: copy chat_template.jinja from the place the model came from to {1}.</source>
        <translation>模型“{0}”没有说明提示词如何交给它的文本编码器：请从该模型的来源处把 chat_template.jinja 复制到 {1}。</translation>
    </message>
    <message>
        <source>The model &apos;{0}&apos; has no vocabulary in {1}: copy tokenizer.json from where it came.</source>
        <translation>模型“{0}”在 {1} 中没有词表：请从它的来源处复制 tokenizer.json。</translation>
    </message>
    <message>
        <source>The model &apos;{0}&apos; has no vocabulary in {1}: copy tokenizer.json, or vocab.json and merges.txt, from the place the model came from.</source>
        <translation>模型“{0}”在 {1} 中没有词表：请从该模型的来源处复制 tokenizer.json，或 vocab.json 和 merges.txt。</translation>
    </message>
    <message>
        <source>The model &apos;{0}&apos; is no longer at {1}. Put it back or choose another one.</source>
        <translation>模型“{0}”已不在 {1}。请把它放回去，或另选一个。</translation>
    </message>
    <message>
        <source>The model &apos;{0}&apos; is no longer at {1}. Put it back or remove it from the library.</source>
        <translation>模型“{0}”已不在 {1}。请把它放回去，或从模型库中移除。</translation>
    </message>
    <message>
        <source>The model file {0} cannot be read: {1}.</source>
        <translation>无法读取模型文件 {0}：{1}。</translation>
    </message>
    <message>
        <source>The model file {0} is damaged or incomplete: {1}. Copy or download it again.</source>
        <translation>模型文件 {0} 已损坏或不完整：{1}。请重新复制或下载。</translation>
    </message>
    <message>
        <source>The model folder {0}</source>
        <translation>模型文件夹 {0}</translation>
    </message>
    <message>
        <source>The model folder {0} is incomplete: its part &apos;{1}&apos; has no weights. Copy it again.</source>
        <translation>模型文件夹 {0} 不完整：它的部分“{1}”没有权重。请重新复制。</translation>
    </message>
    <message>
        <source>The model folder {0} is incomplete: its part &apos;{1}&apos; is missing. Copy it again.</source>
        <translation>模型文件夹 {0} 不完整：缺少部分“{1}”。请重新复制。</translation>
    </message>
    <message>
        <source>The model folder {0} is incomplete: its {1} names no parts.</source>
        <translation>模型文件夹 {0} 不完整：它的 {1} 没有列出任何部分。</translation>
    </message>
    <message>
        <source>The model folder {0} is pickled, and pickled files can run code. Convert it to safetensors and try again.</source>
        <translation>模型文件夹 {0} 是 pickle 格式，pickle 文件可能运行代码。请转换为 safetensors 后再试。</translation>
    </message>
    <message>
        <source>The model folder {0} names a part outside itself, which is not allowed.</source>
        <translation>模型文件夹 {0} 列出了文件夹之外的部分，这是不允许的。</translation>
    </message>
    <message>
        <source>The model folder {0} wants to run code of its own (&apos;{1}&apos;). Handscroll runs only models made of diffusers&apos; and transformers&apos; parts.</source>
        <translation>模型文件夹 {0} 要运行自带的代码（“{1}”）。Handscroll 只运行由 diffusers 和 transformers 的部件组成的模型。</translation>
    </message>
    <message>
        <source>The model library&apos;s index {0} cannot be used: {1}.</source>
        <translation>无法使用模型库的索引 {0}：{1}。</translation>
    </message>
    <message>
        <source>The model library&apos;s index {0} cannot be written: {1}.</source>
        <translation>无法写入模型库的索引 {0}：{1}。</translation>
    </message>
    <message>
        <source>The note has {0} characters; {1} is the most. Shorten it.</source>
        <translation>备注有 {0} 个字符；最多 {1} 个。请缩短。</translation>
    </message>
    <message>
        <source>The painting is untouched; the engine comes back by itself.</source>
        <translation>画作完好无损；引擎会自动恢复。</translation>
    </message>
    <message>
        <source>The painting is untouched; the engine starts again with the next job.</source>
        <translation>画作完好无损；引擎会随下一个任务重新启动。</translation>
    </message>
    <message>
        <source>The painting is untouched; what the engine worked on is lost. Start it again when the engine is back.</source>
        <translation>画作完好无损；引擎正在处理的任务已丢失。请在引擎恢复后重新开始。</translation>
    </message>
    <message>
        <source>The painting is untouched; what the engine worked on is lost. The engine starts with the next job.</source>
        <translation>画作完好无损；引擎正在处理的任务已丢失。引擎会随下一个任务启动。</translation>
    </message>
    <message>
        <source>The painting is {0} x {1} pixels; {2} files can have {3} a side here. Export the frame instead.</source>
        <translation>画作为 {0} × {1} 像素；{2} 文件在此每边最多 {3}。请改为导出画框。</translation>
    </message>
    <message>
        <source>The parent {0} of generation {1} is not in the log.</source>
        <translation>生成 {1} 的上级 {0} 不在历史中。</translation>
    </message>
    <message>
        <source>The part &apos;{0}&apos; of the model folder {1}</source>
        <translation>模型文件夹 {1} 的部分“{0}”</translation>
    </message>
    <message>
        <source>The part &apos;{0}&apos; of the model folder {1} cannot be read: {2}.</source>
        <translation>无法读取模型文件夹 {1} 的部分“{0}”：{2}。</translation>
    </message>
    <message>
        <source>The part &apos;{0}&apos; of the model folder {1} is pickled, and pickled files can run code. Convert it to safetensors and try again.</source>
        <translation>模型文件夹 {1} 的部分“{0}”是 pickle 格式，pickle 文件可能运行代码。请转换为 safetensors 后再试。</translation>
    </message>
    <message>
        <source>The picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>The picture cannot be written as &apos;{0}&apos; ({1}).</source>
        <translation>图片不能写成“{0}”（{1}）。</translation>
    </message>
    <message>
        <source>The picture cannot be written: {0} holds at most {1} pixels a side, and this is {2} x {3} pixels. Choose PNG or a smaller size.</source>
        <translation>无法写出图片：{0} 每边最多 {1} 像素，而这张是 {2} × {3} 像素。请选择 PNG 或小一些的尺寸。</translation>
    </message>
    <message>
        <source>The picture is too large for a thumbnail; make it smaller first.</source>
        <translation>这张图片太大，不能作缩略图；请先缩小。</translation>
    </message>
    <message>
        <source>The picture must be uint8 RGBA and hold a pixel at least.</source>
        <translation>图片必须是 uint8 RGBA，且至少有一个像素。</translation>
    </message>
    <message>
        <source>The pixels of the layer &apos;{0}&apos; are missing: {1}.</source>
        <translation>图层“{0}”缺少像素：{1}。</translation>
    </message>
    <message>
        <source>The pixels {0}... are not in this document.</source>
        <translation>像素 {0}... 不在这份文档中。</translation>
    </message>
    <message>
        <source>The pixels {0}… are not in {1} (any more).</source>
        <translation>像素 {0}… 不在 {1} 中（或已不在）。</translation>
    </message>
    <message>
        <source>The pixels {0}… in {1} are damaged: {2}</source>
        <translation>{1} 中的像素 {0}… 已损坏：{2}</translation>
    </message>
    <message>
        <source>The point {0}, {1} lies outside the picture of {2} x {3} pixels.</source>
        <translation>点 {0}, {1} 位于 {2} × {3} 像素的图片之外。</translation>
    </message>
    <message>
        <source>The points of a curve must follow each other from left to right.</source>
        <translation>曲线的各点必须从左到右依次排列。</translation>
    </message>
    <message>
        <source>The points of a curve must lie between 0 and 1.</source>
        <translation>曲线的各点必须位于 0 到 1 之间。</translation>
    </message>
    <message>
        <source>The project file is damaged: some rows are not those that were written.</source>
        <translation>项目文件已损坏：有些行与写入时的不同。</translation>
    </message>
    <message>
        <source>The project file is damaged: {0}. It has not been changed.</source>
        <translation>项目文件已损坏：{0}。文件没有改动。</translation>
    </message>
    <message>
        <source>The proxy {0} lets nothing through ({1}). Look at the variable https_proxy, or ask who runs the network.</source>
        <translation>代理 {0} 不让任何内容通过（{1}）。请检查变量 https_proxy，或询问网络管理员。</translation>
    </message>
    <message>
        <source>The request cannot be read: {0}.</source>
        <translation>无法读取请求：{0}。</translation>
    </message>
    <message>
        <source>The request has a field &apos;{0}&apos; that this version does not know.</source>
        <translation>请求中有此版本不认识的字段“{0}”。</translation>
    </message>
    <message>
        <source>The result would be smaller than a pixel. Make it larger.</source>
        <translation>结果会小于一个像素。请放大一些。</translation>
    </message>
    <message>
        <source>The result would be {0} x {1} pixels; at most {2} a side can be made.</source>
        <translation>结果将为 {0} × {1} 像素；每边最多 {2}。</translation>
    </message>
    <message>
        <source>The result would have {0} million pixels; at most {1} million are possible. Make it smaller or select a part.</source>
        <translation>结果将有 {0} 百万像素；最多 {1} 百万。请缩小，或只选一部分。</translation>
    </message>
    <message>
        <source>The result would lie more than {0} pixels from the origin. Make it smaller.</source>
        <translation>结果会离原点超过 {0} 像素。请缩小一些。</translation>
    </message>
    <message>
        <source>The row makes no sense.</source>
        <translation>这一行没有意义。</translation>
    </message>
    <message>
        <source>The scheduler {0} does not suit this model&apos;s noise schedule. Suitable: {1}.</source>
        <translation>调度器 {0} 不适合此模型的噪声计划。适合的有：{1}。</translation>
    </message>
    <message>
        <source>The selection could not be read: {0}</source>
        <translation>无法读取选区：{0}</translation>
    </message>
    <message>
        <source>The selection would become {0} x {1} pixels; at most {2} are possible.</source>
        <translation>选区会变成 {0} × {1} 像素；最多 {2}。</translation>
    </message>
    <message>
        <source>The server lists the same file twice. Nothing was downloaded.</source>
        <translation>服务器把同一个文件列了两次。没有下载任何内容。</translation>
    </message>
    <message>
        <source>The server names a file that must not be written: &apos;{0}&apos;. Nothing was downloaded.</source>
        <translation>服务器给出的文件名不能写入：“{0}”。没有下载任何内容。</translation>
    </message>
    <message>
        <source>The server&apos;s list says something impossible of {0}.</source>
        <translation>服务器的列表中关于 {0} 的说法不可能成立。</translation>
    </message>
    <message>
        <source>The starter model is not installed. Install Handscroll again, or choose another model.</source>
        <translation>入门模型没有安装。请重新安装 Handscroll，或另选模型。</translation>
    </message>
    <message>
        <source>The starter model is what it is; that cannot be changed.</source>
        <translation>入门模型就是这样，不能更改。</translation>
    </message>
    <message>
        <source>The styles could not be written to {0}: {1}.</source>
        <translation>无法把风格写入 {0}：{1}。</translation>
    </message>
    <message>
        <source>The styles in {0} cannot be read: {1}.</source>
        <translation>无法读取 {0} 中的风格：{1}。</translation>
    </message>
    <message>
        <source>The styles in {0} cannot be read: {1}. Mend or remove the file.</source>
        <translation>无法读取 {0} 中的风格：{1}。请修复或移除该文件。</translation>
    </message>
    <message>
        <source>The system&apos;s keyring is locked or refuses: the key is kept until the program ends.</source>
        <translation>系统密钥环已锁定或拒绝访问：密钥只保留到程序结束。</translation>
    </message>
    <message>
        <source>The system&apos;s keyring is locked: the old key is still in it. Unlock it and try again.</source>
        <translation>系统密钥环已锁定：旧密钥仍在其中。请解锁后再试。</translation>
    </message>
    <message>
        <source>The text encoder in {0} cannot be read any more: {1}</source>
        <translation>无法再读取 {0} 中的文本编码器：{1}</translation>
    </message>
    <message>
        <source>The transformation has numbers that are not finite. Reset it and try again.</source>
        <translation>变换中有无穷大的数值。请重置后再试。</translation>
    </message>
    <message>
        <source>The vision network &apos;{0}&apos; at {1} cannot be read: {2}</source>
        <translation>无法读取位于 {1} 的视觉网络“{0}”：{2}</translation>
    </message>
    <message>
        <source>The weight of a LoRA is {0}; it must be from -10 to 10.</source>
        <translation>有一个 LoRA 的权重为 {0}；必须在 -10 到 10 之间。</translation>
    </message>
    <message>
        <source>The weight of a control layer goes from 0 to {0}, not {1}.</source>
        <translation>控制图层的权重为 0 到 {0}，不能是 {1}。</translation>
    </message>
    <message>
        <source>The {0} &apos;{1}&apos; is made for {2}, and the model &apos;{3}&apos; is {4}. Choose another {5}, or another model.</source>
        <translation>{0}“{1}”适用于 {2}，而模型“{3}”是 {4}。请另选{5}，或另选模型。</translation>
    </message>
    <message>
        <source>There are mip levels 0 to {0}, not {1}.</source>
        <translation>缩小级别有 0 到 {0}，没有 {1}。</translation>
    </message>
    <message>
        <source>There are too many copies of {0} in its folder. Remove some.</source>
        <translation>{0} 的文件夹中副本太多。请移除一些。</translation>
    </message>
    <message>
        <source>There are too many files called {0} already.</source>
        <translation>名为 {0} 的文件已经太多。</translation>
    </message>
    <message>
        <source>There is no &apos;{0}&apos; in {1} at {2}.</source>
        <translation>{2} 的 {1} 中没有“{0}”。</translation>
    </message>
    <message>
        <source>There is no LoRA &apos;{0}&apos; in the library. &apos;handscroll models list --kind lora&apos; lists them.</source>
        <translation>模型库中没有 LoRA“{0}”。可用 &apos;handscroll models list --kind lora&apos; 列出。</translation>
    </message>
    <message>
        <source>There is no VAE &apos;{0}&apos; in the library. &apos;handscroll models list --kind vae&apos; lists them.</source>
        <translation>模型库中没有 VAE“{0}”。可用 &apos;handscroll models list --kind vae&apos; 列出。</translation>
    </message>
    <message>
        <source>There is no file at {0}.</source>
        <translation>{0} 处没有文件。</translation>
    </message>
    <message>
        <source>There is no file {0}.</source>
        <translation>没有文件 {0}。</translation>
    </message>
    <message>
        <source>There is no frame to write.</source>
        <translation>没有可写出的画面。</translation>
    </message>
    <message>
        <source>There is no model at {0}: {1}.</source>
        <translation>{0} 处没有模型：{1}。</translation>
    </message>
    <message>
        <source>There is no model file at this address of {0}: models end with .safetensors, .gguf, .ckpt, .pt or .pth. Use the address of the file itself, not of its page.</source>
        <translation>{0} 的这个网址上没有模型文件：模型以 .safetensors、.gguf、.ckpt、.pt 或 .pth 结尾。请使用文件本身的网址，而不是其页面的网址。</translation>
    </message>
    <message>
        <source>There is no model file in this version on Civitai.</source>
        <translation>Civitai 上的这个版本没有模型文件。</translation>
    </message>
    <message>
        <source>There is no room for {0} bytes of weights.</source>
        <translation>没有空间容纳 {0} 字节的权重。</translation>
    </message>
    <message>
        <source>There is no room left for {0}. Free some room, or save the painting elsewhere. Painting goes on in memory and is written as soon as that works.</source>
        <translation>{0} 已没有空间。请腾出一些空间，或把画作另存到别处。绘画会在内存中继续，一旦恢复正常就会写入文件。</translation>
    </message>
    <message>
        <source>{0} asks for fewer requests, and wants to be left alone for {1} minutes.</source>
        <translation>{0} 要求减少请求，并希望 {1} 分钟内不被打扰。</translation>
    </message>
    <message>
        <source>{0} cannot be written ({1}). Save the painting elsewhere if this stays. Painting goes on in memory and is written as soon as that works.</source>
        <translation>无法写入 {0}（{1}）。如果一直如此，请把画作另存到别处。绘画会在内存中继续，一旦恢复正常就会写入文件。</translation>
    </message>
    <message>
        <source>{0} may not be written any more. Allow it, or save the painting elsewhere. Painting goes on in memory and is written as soon as that works.</source>
        <translation>{0} 已不允许写入。请允许写入，或把画作另存到别处。绘画会在内存中继续，一旦恢复正常就会写入文件。</translation>
    </message>
    <message>
        <source>{0} was moved or removed while it is open. Put it back, or save the painting elsewhere. Painting goes on in memory and is written as soon as that works.</source>
        <translation>{0} 在打开期间被移动或移除。请把它放回去，或把画作另存到别处。绘画会在内存中继续，一旦恢复正常就会写入文件。</translation>
    </message>
    <message>
        <source>There is no style &apos;{0}&apos;. There are: {1}.</source>
        <translation>没有风格“{0}”。可用的有：{1}。</translation>
    </message>
    <message>
        <source>Access is denied</source>
        <translation>拒绝访问</translation>
    </message>
    <message>
        <source>Broken pipe</source>
        <translation>管道已断开</translation>
    </message>
    <message>
        <source>Cannot allocate memory</source>
        <translation>无法分配内存</translation>
    </message>
    <message>
        <source>ComfyUI&apos;s umt5_xxl_fp16.safetensors or umt5_xxl_fp8_e4m3fn_scaled.safetensors</source>
        <translation>ComfyUI 的 umt5_xxl_fp16.safetensors 或 umt5_xxl_fp8_e4m3fn_scaled.safetensors</translation>
    </message>
    <message>
        <source>Connection refused</source>
        <translation>连接被拒绝</translation>
    </message>
    <message>
        <source>Connection reset by peer</source>
        <translation>连接被对方重置</translation>
    </message>
    <message>
        <source>Device or resource busy</source>
        <translation>设备或资源忙</translation>
    </message>
    <message>
        <source>Directory not empty</source>
        <translation>目录非空</translation>
    </message>
    <message>
        <source>Disk quota exceeded</source>
        <translation>超出磁盘配额</translation>
    </message>
    <message>
        <source>File exists</source>
        <translation>文件已存在</translation>
    </message>
    <message>
        <source>File is not a zip file</source>
        <translation>不是 zip 文件</translation>
    </message>
    <message>
        <source>File name too long</source>
        <translation>文件名过长</translation>
    </message>
    <message>
        <source>Generation {0} has no picture number {1}.</source>
        <translation>生成 {0} 没有编号为 {1} 的图片。</translation>
    </message>
    <message>
        <source>In the folder of &apos;{0}&apos;, {1} is packed as {2}, and nothing here unpacks that. Use the model&apos;s plain folder, an fp8 file or a GGUF file instead.</source>
        <translation>在“{0}”的文件夹中，{1} 以 {2} 方式压缩，此处无法解开。请改用模型未压缩的文件夹、fp8 文件或 GGUF 文件。</translation>
    </message>
    <message>
        <source>In the folder of &apos;{0}&apos;, {1} is packed as {2}, and nothing here unpacks that. Use the model&apos;s plain folder, an fp8 file or a GGUF file instead. Or bring that package with this command: {3} -m pip install {4}</source>
        <translation>在“{0}”的文件夹中，{1} 以 {2} 方式压缩，此处无法解开。请改用模型未压缩的文件夹、fp8 文件或 GGUF 文件。或用此命令安装该软件包：{3} -m pip install {4}</translation>
    </message>
    <message>
        <source>In the folder of &apos;{0}&apos;, {1} is packed as {2}, and the package {3}, which unpacks it, is not installed. Use the model&apos;s plain folder, an fp8 file or a GGUF file instead.</source>
        <translation>在“{0}”的文件夹中，{1} 以 {2} 方式压缩，而用来解开的软件包 {3} 没有安装。请改用模型未压缩的文件夹、fp8 文件或 GGUF 文件。</translation>
    </message>
    <message>
        <source>In the folder of &apos;{0}&apos;, {1} is packed as {2}, and the package {3}, which unpacks it, is not installed. Use the model&apos;s plain folder, an fp8 file or a GGUF file instead. Or bring that package with this command: {4} -m pip install {5}</source>
        <translation>在“{0}”的文件夹中，{1} 以 {2} 方式压缩，而用来解开的软件包 {3} 没有安装。请改用模型未压缩的文件夹、fp8 文件或 GGUF 文件。或用此命令安装该软件包：{4} -m pip install {5}</translation>
    </message>
    <message>
        <source>In the folder of &apos;{0}&apos;, {1} is packed by bitsandbytes, which unpacks on GPUs alone, and there is none. Use the model&apos;s plain folder, an fp8 file or a GGUF file instead.</source>
        <translation>在“{0}”的文件夹中，{1} 由 bitsandbytes 打包，它只能在显卡上解包，而这里没有可用的显卡。请改用该模型的普通文件夹、fp8 文件或 GGUF 文件。</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>输入/输出错误</translation>
    </message>
    <message>
        <source>Invalid argument</source>
        <translation>无效的参数</translation>
    </message>
    <message>
        <source>Is a directory</source>
        <translation>是目录</translation>
    </message>
    <message>
        <source>Memory ran out while a picture was looked at.</source>
        <translation>查看画面时内存耗尽。</translation>
    </message>
    <message>
        <source>Memory ran out while describing the picture. Choose a smaller captioning model or close other programs.</source>
        <translation>描述图片时内存不足。请选择小一些的图片描述模型，或关闭其他程序。</translation>
    </message>
    <message>
        <source>Memory ran out while looking at the picture. Choose a smaller frame or close other programs.</source>
        <translation>查看画面时内存耗尽。请选择较小的画框或关闭其他程序。</translation>
    </message>
    <message>
        <source>Network is unreachable</source>
        <translation>网络不可达</translation>
    </message>
    <message>
        <source>No generation in this project made a picture, so there is nothing to reproduce.</source>
        <translation>此项目中没有任何生成得到图片，因此没有可重现的内容。</translation>
    </message>
    <message>
        <source>No model that looks at pictures is chosen. Choose one in the model library.</source>
        <translation>没有选择能查看画面的模型。请在模型库中选择一个。</translation>
    </message>
    <message>
        <source>No network sees &apos;{0}&apos; in a picture. Choose one of {1}.</source>
        <translation>没有网络能从画面识别“{0}”。请从 {1} 中选择。</translation>
    </message>
    <message>
        <source>No route to host</source>
        <translation>没有到主机的路由</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>设备上没有空间</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>没有那个文件或目录</translation>
    </message>
    <message>
        <source>Not a directory</source>
        <translation>不是目录</translation>
    </message>
    <message>
        <source>Nothing is selected. Select a part of the canvas, then make it a mask.</source>
        <translation>没有选区。请先在画布上选中一处，再把它变为蒙版。</translation>
    </message>
    <message>
        <source>Operation not permitted</source>
        <translation>不允许的操作</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>没有权限</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>只读文件系统</translation>
    </message>
    <message>
        <source>Stale file handle</source>
        <translation>文件句柄已失效</translation>
    </message>
    <message>
        <source>The LoRA &apos;{0}&apos; does not fit the model &apos;{1}&apos;: of the {2} places it changes, the model has {3} (it lacks {4} and {5} others). Choose a LoRA made for {6}.</source>
        <translation>LoRA“{0}”与模型“{1}”不匹配：它改变的 {2} 处中，模型只有 {3} 处（缺少 {4} 等另外 {5} 处）。请选择为 {6} 制作的 LoRA。</translation>
    </message>
    <message>
        <source>The engine was told to paint on &apos;{0}&apos;, but this computer offers only: {1}. Choose another device in Preferences &gt; Engine, or take the variable HANDSCROLL_DEVICE away if you set it.</source>
        <translation>引擎被设为在“{0}”上作画，但这台电脑只有：{1}。请在“首选项 &gt; 引擎”中另选设备；如果设置了变量 HANDSCROLL_DEVICE，请去掉它。</translation>
    </message>
    <message>
        <source>The folder {0} for copies cannot be made: {1}.</source>
        <translation>无法创建存放副本的文件夹 {0}：{1}。</translation>
    </message>
    <message>
        <source>The folder {0} for new paintings cannot be made: {1}.</source>
        <translation>无法创建存放新画作的文件夹 {0}：{1}。</translation>
    </message>
    <message>
        <source>The picture is {0} x {1} pixels; at most {2} a side can be looked at.</source>
        <translation>画面为 {0} x {1} 像素；每边最多 {2} 像素才能查看。</translation>
    </message>
    <message>
        <source>The scroll could not be painted ({0}). Begin with an empty painting instead.</source>
        <translation>无法绘制画卷（{0}）。请改从空白画作开始。</translation>
    </message>
    <message>
        <source>The system cannot find the file specified</source>
        <translation>系统找不到指定的文件</translation>
    </message>
    <message>
        <source>The system cannot find the path specified</source>
        <translation>系统找不到指定的路径</translation>
    </message>
    <message>
        <source>The vocabulary in {0} cannot be read: {1}. Copy or download the file again.</source>
        <translation>无法读取 {0} 中的词表：{1}。请重新复制或下载该文件。</translation>
    </message>
    <message>
        <source>The vocabulary in {0} is not one of T5&apos;s kind: it has no {1} or no {2}.</source>
        <translation>{0} 中的词表不是 T5 那种：它没有 {1} 或 {2}。</translation>
    </message>
    <message>
        <source>The vocabulary in {0} is {1} bytes long; at most {2} can be read.</source>
        <translation>{0} 中的词表有 {1} 字节；最多能读取 {2} 字节。</translation>
    </message>
    <message>
        <source>The {0} &apos;{1}&apos; at {2} cannot be read: {3}.</source>
        <translation>无法读取位于 {2} 的{0}“{1}”：{3}。</translation>
    </message>
    <message>
        <source>There is no film of this part of the painting yet. Paint for a while: a small picture is kept every few seconds, as long as the preferences say so.</source>
        <translation>这部分画作还没有影片记录。请先画一会儿：只要首选项中开启，每隔几秒会保留一张小图片。</translation>
    </message>
    <message>
        <source>There is no model &apos;{0}&apos; in the library, and no file or folder of that name. Choose another model, or put it back.</source>
        <translation>模型库中没有模型“{0}”，也没有同名的文件或文件夹。请另选模型，或把它放回原处。</translation>
    </message>
    <message>
        <source>There is no symmetry &apos;{0}&apos;. Choose one of: {1}.</source>
        <translation>没有对称方式“{0}”。请从以下选择一个：{1}。</translation>
    </message>
    <message>
        <source>There is no wildcard file &apos;{0}&apos;, or it names itself. Put {1}.txt, one choice a line, into {2}.</source>
        <translation>没有通配符文件“{0}”，或它引用了自身。请把 {1}.txt（每行一个选项）放入 {2}。</translation>
    </message>
    <message>
        <source>There is not enough room: {0} are needed and {1} are free at {2}. Make room, or choose another folder.</source>
        <translation>空间不足：需要 {0}，而 {2} 处只有 {1} 可用。请腾出空间，或另选文件夹。</translation>
    </message>
    <message>
        <source>There is nothing in it that could be downloaded as a model.</source>
        <translation>其中没有可以作为模型下载的内容。</translation>
    </message>
    <message>
        <source>There is nothing in the selection to transform.</source>
        <translation>选区中没有可变换的内容。</translation>
    </message>
    <message>
        <source>There is nothing on this layer to transform.</source>
        <translation>这一图层上没有可变换的内容。</translation>
    </message>
    <message>
        <source>There is nothing painted that the frame could go around.</source>
        <translation>没有画过的内容可以用画框围住。</translation>
    </message>
    <message>
        <source>There is nothing selected on this layer. Choose another layer, or copy as it looks.</source>
        <translation>这一图层上没有选中的内容。请选择别的图层，或按所见复制。</translation>
    </message>
    <message>
        <source>There is nothing to export: no layer that is shown has anything painted on it.</source>
        <translation>没有可导出的内容：显示的图层上都没有画过。</translation>
    </message>
    <message>
        <source>There is nothing to export: the chosen part of the canvas is empty.</source>
        <translation>没有可导出的内容：所选的画布部分是空的。</translation>
    </message>
    <message>
        <source>There is nothing to merge. Choose one or more layers.</source>
        <translation>没有可合并的内容。请选择一个或多个图层。</translation>
    </message>
    <message>
        <source>There is too little free memory for &apos;{0}&apos;.</source>
        <translation>可用内存太少，容不下“{0}”。</translation>
    </message>
    <message>
        <source>These layers are too large for the clipboard. Copy fewer, or select a part.</source>
        <translation>这些图层太大，剪贴板放不下。请少复制一些，或只选一部分。</translation>
    </message>
    <message>
        <source>They are others than those that were written.</source>
        <translation>它们与写入时的不同。</translation>
    </message>
    <message>
        <source>This address of Civitai is no model. Its models have the form civitai.com/models/1234.</source>
        <translation>这个 Civitai 网址不是模型。模型网址的形式是 civitai.com/models/1234。</translation>
    </message>
    <message>
        <source>This address of Hugging Face is no model. Its models have the form owner/name.</source>
        <translation>这个 Hugging Face 网址不是模型。模型网址的形式是 所有者/名称。</translation>
    </message>
    <message>
        <source>This computer&apos;s OpenCV cannot write {0}. Choose GIF or WebP instead.</source>
        <translation>这台电脑的 OpenCV 不能写出 {0}。请改选 GIF 或 WebP。</translation>
    </message>
    <message>
        <source>This document has no generation with the id {0}.</source>
        <translation>这份文档中没有标识为 {0} 的生成。</translation>
    </message>
    <message>
        <source>This document has no layer with the id {0}.</source>
        <translation>这份文档中没有标识为 {0} 的图层。</translation>
    </message>
    <message>
        <source>This is being downloaded by another window of Handscroll already.</source>
        <translation>Handscroll 的另一个窗口正在下载它。</translation>
    </message>
    <message>
        <source>This is no key: it must be one word of letters and digits. Copy it from the site again.</source>
        <translation>这不是密钥：密钥是一个由字母和数字组成的词。请从网站重新复制。</translation>
    </message>
    <message>
        <source>This is not an address of the web. Copy it from the browser again.</source>
        <translation>这不是网页地址。请从浏览器重新复制。</translation>
    </message>
    <message>
        <source>This picture was removed on purpose, to make the file smaller. What made it is still in the log: make it again.</source>
        <translation>为了缩小文件，这张图片已被有意移除。它的制作方法仍在历史中：请重新生成。</translation>
    </message>
    <message>
        <source>This project has no generation with the id {0}; give at least four letters of it.</source>
        <translation>此项目中没有标识为 {0} 的生成；请至少给出四个字母。</translation>
    </message>
    <message>
        <source>This stroke has ended; begin a new one.</source>
        <translation>这一笔已经结束；请开始新的一笔。</translation>
    </message>
    <message>
        <source>This system has no keyring that Handscroll can use: the key is kept until the program ends.</source>
        <translation>这个系统没有 Handscroll 能用的密钥环：密钥只保留到程序结束。</translation>
    </message>
    <message>
        <source>This task needs {0}, and the request has none.</source>
        <translation>此任务需要{0}，而请求中没有。</translation>
    </message>
    <message>
        <source>This text would be {0} x {1} pixels, which is too large. Choose a smaller size or write it in parts.</source>
        <translation>这段文字会有 {0} × {1} 像素，太大了。请选小一些的字号，或分几部分写。</translation>
    </message>
    <message>
        <source>To open the single file &apos;{0}&apos;, the {1} vocabulary is needed, and it is not in {2}. Bring it with this command in Handscroll&apos;s folder: {3}</source>
        <translation>要打开单个文件“{0}”，需要 {1} 词表，而它不在 {2} 中。请在 Handscroll 的文件夹中用此命令获取：{3}</translation>
    </message>
    <message>
        <source>To open the single file &apos;{0}&apos;, the {1} vocabulary is needed. Choose a text encoder file that carries it, such as {2}, on the model&apos;s page, or use the diffusers folder.</source>
        <translation>要打开单个文件“{0}”，需要 {1} 词表。请在模型页面上选择自带词表的文本编码器文件，例如 {2}，或使用 diffusers 文件夹。</translation>
    </message>
    <message>
        <source>Too many open files</source>
        <translation>打开的文件过多</translation>
    </message>
    <message>
        <source>Type a repository of Hugging Face (owner/name, or owner/name/file.safetensors), a Civitai number (civitai:1234), or an address that begins with https://.</source>
        <translation>请输入 Hugging Face 的仓库（所有者/名称，或 所有者/名称/文件.safetensors）、Civitai 编号（civitai:1234），或以 https:// 开头的网址。</translation>
    </message>
    <message>
        <source>Use BLIP, Florence-2 or SmolVLM to describe pictures.</source>
        <translation>请使用 BLIP、Florence-2 或 SmolVLM 来描述图片。</translation>
    </message>
    <message>
        <source>What does the image describe?</source>
        <translation>图片描述了什么？</translation>
    </message>
    <message>
        <source>What is in the group &apos;{0}&apos; no longer blends with what is below the group.</source>
        <translation>图层组“{0}”中的内容不再与图层组下方的内容混合。</translation>
    </message>
    <message>
        <source>What is left of {0} cannot be written to {1} ({2}).</source>
        <translation>无法把 {0} 的剩余内容写入 {1}（{2}）。</translation>
    </message>
    <message>
        <source>a Control-LoRA</source>
        <translation>Control-LoRA</translation>
    </message>
    <message>
        <source>a ControlNet</source>
        <translation>ControlNet</translation>
    </message>
    <message>
        <source>a ControlNet-LLLite</source>
        <translation>ControlNet-LLLite</translation>
    </message>
    <message>
        <source>a ControlNet-XS</source>
        <translation>ControlNet-XS</translation>
    </message>
    <message>
        <source>a Krita</source>
        <translation>Krita</translation>
    </message>
    <message>
        <source>a LoRA</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>a T2I-Adapter</source>
        <translation>T2I-Adapter</translation>
    </message>
    <message>
        <source>a VAE</source>
        <translation>VAE</translation>
    </message>
    <message>
        <source>a Wan model between two pictures, which this version of Handscroll cannot run.</source>
        <translation>在两张图片之间生成的 Wan 模型，此版本的 Handscroll 无法运行。</translation>
    </message>
    <message>
        <source>a Wan model that edits clips (VACE), which this version of Handscroll cannot run.</source>
        <translation>编辑短片的 Wan 模型（VACE），此版本的 Handscroll 无法运行。</translation>
    </message>
    <message>
        <source>a Wan model that follows other clips, which this version of Handscroll cannot run.</source>
        <translation>跟随其他短片的 Wan 模型，此版本的 Handscroll 无法运行。</translation>
    </message>
    <message>
        <source>a blend mode is unknown</source>
        <translation>混合模式未知</translation>
    </message>
    <message>
        <source>a captioning model</source>
        <translation>图片描述模型</translation>
    </message>
    <message>
        <source>a checkpoint</source>
        <translation>检查点模型</translation>
    </message>
    <message>
        <source>a colour channel is missing</source>
        <translation>缺少一个颜色通道</translation>
    </message>
    <message>
        <source>a denoising network</source>
        <translation>去噪网络</translation>
    </message>
    <message>
        <source>a diffusers folder</source>
        <translation>diffusers 文件夹</translation>
    </message>
    <message>
        <source>a file of unknown kind</source>
        <translation>未知种类的文件</translation>
    </message>
    <message>
        <source>a job without work</source>
        <translation>没有工作量的任务</translation>
    </message>
    <message>
        <source>a kind of value that SQLite never stores</source>
        <translation>SQLite 从不存储的值类型</translation>
    </message>
    <message>
        <source>a layer cannot be read</source>
        <translation>无法读取某个图层</translation>
    </message>
    <message>
        <source>a layer is of an unknown kind</source>
        <translation>某个图层的种类未知</translation>
    </message>
    <message>
        <source>a list is missing</source>
        <translation>缺少一个列表</translation>
    </message>
    <message>
        <source>a mask cannot be read</source>
        <translation>无法读取某个蒙版</translation>
    </message>
    <message>
        <source>a mask that is not in use is changed</source>
        <translation>改动了未在使用的蒙版</translation>
    </message>
    <message>
        <source>a model that enlarges pictures by painting, which this version of Handscroll cannot run.</source>
        <translation>通过绘制来放大图片的模型，此版本的 Handscroll 无法运行。</translation>
    </message>
    <message>
        <source>a model that follows edges or depth alone, which this version of Handscroll cannot run.</source>
        <translation>只跟随边缘或深度的模型，此版本的 Handscroll 无法运行。</translation>
    </message>
    <message>
        <source>a model that needs a depth map with every picture; this version of Handscroll gives none.</source>
        <translation>每张图片都需要深度图的模型；此版本的 Handscroll 不提供深度图。</translation>
    </message>
    <message>
        <source>a model that paints layers, which this version of Handscroll cannot run.</source>
        <translation>绘制图层的模型，此版本的 Handscroll 无法运行。</translation>
    </message>
    <message>
        <source>a name is missing</source>
        <translation>缺少名称</translation>
    </message>
    <message>
        <source>a number is none</source>
        <translation>数值不是数字</translation>
    </message>
    <message>
        <source>a number stands where words should be</source>
        <translation>应为文字的地方是数字</translation>
    </message>
    <message>
        <source>a point lies at infinity</source>
        <translation>有一个点位于无穷远</translation>
    </message>
    <message>
        <source>a profile of another colour space</source>
        <translation>另一种颜色空间的配置文件</translation>
    </message>
    <message>
        <source>a row ends too early</source>
        <translation>有一行过早结束</translation>
    </message>
    <message>
        <source>a row&apos;s header is longer than the row</source>
        <translation>有一行的头部比行本身还长</translation>
    </message>
    <message>
        <source>a step makes no sense</source>
        <translation>有一步没有意义</translation>
    </message>
    <message>
        <source>a text encoder</source>
        <translation>文本编码器</translation>
    </message>
    <message>
        <source>a text that unpacks to more than there is room for</source>
        <translation>解压后超出可用空间的文本</translation>
    </message>
    <message>
        <source>a textual inversion</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>a tile is cut short</source>
        <translation>有一个图块不完整</translation>
    </message>
    <message>
        <source>a tile is damaged</source>
        <translation>有一个图块已损坏</translation>
    </message>
    <message>
        <source>a tile lies at an impossible place</source>
        <translation>有一个图块位于不可能的位置</translation>
    </message>
    <message>
        <source>a value is out of its range</source>
        <translation>有一个值超出范围</translation>
    </message>
    <message>
        <source>a word has more than {0} bytes</source>
        <translation>有一个词超过 {0} 字节</translation>
    </message>
    <message>
        <source>adjustment</source>
        <translation>调整</translation>
    </message>
    <message>
        <source>adjustments are pictures of the colours that they made</source>
        <translation>调整会变成它们所生成颜色的图片</translation>
    </message>
    <message>
        <source>an IP-Adapter</source>
        <translation>IP-Adapter</translation>
    </message>
    <message>
        <source>an OpenRaster</source>
        <translation>OpenRaster</translation>
    </message>
    <message>
        <source>an adjustment cannot be read</source>
        <translation>无法读取某个调整</translation>
    </message>
    <message>
        <source>an annotator</source>
        <translation>识别模型</translation>
    </message>
    <message>
        <source>an edit of the kind {0} cannot be read ({1} {2})</source>
        <translation>无法读取 {0} 种类的编辑（{1} {2}）</translation>
    </message>
    <message>
        <source>an editing model of a form that this version of Handscroll cannot run.</source>
        <translation>此版本的 Handscroll 无法运行的一种编辑模型。</translation>
    </message>
    <message>
        <source>an entry of its header is not a tensor</source>
        <translation>文件头中有一项不是张量</translation>
    </message>
    <message>
        <source>an image encoder</source>
        <translation>图像编码器</translation>
    </message>
    <message>
        <source>an instruction-editing model with eight channels, which this version of Handscroll cannot run.</source>
        <translation>有八个通道的指令编辑模型，此版本的 Handscroll 无法运行。</translation>
    </message>
    <message>
        <source>an unknown way</source>
        <translation>未知方式</translation>
    </message>
    <message>
        <source>an upscaling model</source>
        <translation>放大模型</translation>
    </message>
    <message>
        <source>annotator</source>
        <translation>识别模型</translation>
    </message>
    <message>
        <source>another archive or pickle inside</source>
        <translation>内含另一个压缩包或 pickle</translation>
    </message>
    <message>
        <source>another mask belongs to &apos;{0}&apos;</source>
        <translation>“{0}”现在有另一个蒙版</translation>
    </message>
    <message>
        <source>asks for fewer requests</source>
        <translation>要求减少请求</translation>
    </message>
    <message>
        <source>attempt to write a readonly database</source>
        <translation>试图写入只读数据库</translation>
    </message>
    <message>
        <source>attention was computed in slices</source>
        <translation>注意力已分片计算</translation>
    </message>
    <message>
        <source>byte {0} begins nothing that is known</source>
        <translation>字节 {0} 处不是任何已知内容的开头</translation>
    </message>
    <message>
        <source>byte {0} belongs to a number without an end</source>
        <translation>字节 {0} 属于没有结尾的数字</translation>
    </message>
    <message>
        <source>captioner</source>
        <translation>图片描述模型</translation>
    </message>
    <message>
        <source>captioning model</source>
        <translation>描述模型</translation>
    </message>
    <message>
        <source>checkpoint</source>
        <translation>检查点模型</translation>
    </message>
    <message>
        <source>clip_skip</source>
        <translation>CLIP 跳层</translation>
    </message>
    <message>
        <source>clip_skip is {0}; this model&apos;s text encoder can go without {1} at most.</source>
        <translation>CLIP 跳层为 {0}；此模型的文本编码器最多可跳过 {1} 层。</translation>
    </message>
    <message>
        <source>clone layer</source>
        <translation>克隆图层</translation>
    </message>
    <message>
        <source>commercial use: {0}</source>
        <translation>商业用途：{0}</translation>
    </message>
    <message>
        <source>compressed parts</source>
        <translation>压缩的部分</translation>
    </message>
    <message>
        <source>control</source>
        <translation>控制</translation>
    </message>
    <message>
        <source>controlnet</source>
        <translation>ControlNet</translation>
    </message>
    <message>
        <source>controls</source>
        <translation>控制图</translation>
    </message>
    <message>
        <source>credit the maker</source>
        <translation>须注明作者</translation>
    </message>
    <message>
        <source>database disk image is malformed</source>
        <translation>数据库文件已损坏</translation>
    </message>
    <message>
        <source>database is locked</source>
        <translation>数据库已锁定</translation>
    </message>
    <message>
        <source>database or disk is full</source>
        <translation>数据库或磁盘已满</translation>
    </message>
    <message>
        <source>decode</source>
        <translation>解码</translation>
    </message>
    <message>
        <source>denoise</source>
        <translation>去噪</translation>
    </message>
    <message>
        <source>depth</source>
        <translation>深度</translation>
    </message>
    <message>
        <source>describe pictures</source>
        <translation>描述画面</translation>
    </message>
    <message>
        <source>diffusers</source>
        <translation>diffusers 文件夹</translation>
    </message>
    <message>
        <source>disk I/O error</source>
        <translation>磁盘读写错误</translation>
    </message>
    <message>
        <source>edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>edit-plus</source>
        <translation>编辑 plus</translation>
    </message>
    <message>
        <source>embeddings</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>encode</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>file is not a database</source>
        <translation>文件不是数据库</translation>
    </message>
    <message>
        <source>file layer</source>
        <translation>文件图层</translation>
    </message>
    <message>
        <source>fill layer</source>
        <translation>填充图层</translation>
    </message>
    <message>
        <source>filter layer</source>
        <translation>滤镜图层</translation>
    </message>
    <message>
        <source>folder of another kind</source>
        <translation>其他种类的文件夹</translation>
    </message>
    <message>
        <source>frame</source>
        <translation>画框</translation>
    </message>
    <message>
        <source>frames is {0}; a clip has {1}, 9, 13 and so on up to {2} of them: a multiple of four, and one.</source>
        <translation>帧数为 {0}；短片的帧数为 {1}、9、13 等，最多 {2}：四的倍数加一。</translation>
    </message>
    <message>
        <source>guidance was computed in two halves</source>
        <translation>引导已分两半计算</translation>
    </message>
    <message>
        <source>guidance_scale</source>
        <translation>引导</translation>
    </message>
    <message>
        <source>has trouble (answer {0})</source>
        <translation>出现故障（回答 {0}）</translation>
    </message>
    <message>
        <source>height</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>idle parts of the model waited outside the device</source>
        <translation>模型闲置的部分在设备之外等候</translation>
    </message>
    <message>
        <source>image</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>image-encoder</source>
        <translation>图像编码器</translation>
    </message>
    <message>
        <source>in the selection</source>
        <translation>选区中</translation>
    </message>
    <message>
        <source>inpaint</source>
        <translation>局部重绘</translation>
    </message>
    <message>
        <source>instructions without an end</source>
        <translation>没有结尾的指令</translation>
    </message>
    <message>
        <source>ip-adapter</source>
        <translation>IP-Adapter</translation>
    </message>
    <message>
        <source>it claims too many tiles</source>
        <translation>它声称的图块太多</translation>
    </message>
    <message>
        <source>it does not begin like a GGUF file</source>
        <translation>开头不像 GGUF 文件</translation>
    </message>
    <message>
        <source>it does not begin like a safetensors file</source>
        <translation>开头不像 safetensors 文件</translation>
    </message>
    <message>
        <source>it ends before its header does</source>
        <translation>文件在文件头结束之前就结束了</translation>
    </message>
    <message>
        <source>it ends before its last tensor does</source>
        <translation>文件在最后一个张量结束之前就结束了</translation>
    </message>
    <message>
        <source>it ends too early</source>
        <translation>它过早结束</translation>
    </message>
    <message>
        <source>it has more than {0} words</source>
        <translation>它的词超过 {0} 个</translation>
    </message>
    <message>
        <source>it has no word for what is unknown</source>
        <translation>它没有代表未知内容的词</translation>
    </message>
    <message>
        <source>it holds more packed pixels than can be read in reasonable time</source>
        <translation>压缩像素太多，无法在合理的时间内读取</translation>
    </message>
    <message>
        <source>it is empty</source>
        <translation>它是空的</translation>
    </message>
    <message>
        <source>it is made for {0} rows, not {1}</source>
        <translation>它适用于 {0} 行，而不是 {1} 行</translation>
    </message>
    <message>
        <source>it is made for {0}, not {1}</source>
        <translation>它适用于 {0}，而不是 {1}</translation>
    </message>
    <message>
        <source>it is no unigram model</source>
        <translation>它不是 unigram 模型</translation>
    </message>
    <message>
        <source>it is of version {0} of the format, not 2 or 3</source>
        <translation>格式版本为 {0}，而不是 2 或 3</translation>
    </message>
    <message>
        <source>it is shorter than any safetensors file</source>
        <translation>比任何 safetensors 文件都短</translation>
    </message>
    <message>
        <source>it is too large</source>
        <translation>它太大</translation>
    </message>
    <message>
        <source>it lies at an impossible place</source>
        <translation>它位于不可能的位置</translation>
    </message>
    <message>
        <source>its class {0} is not known</source>
        <translation>不认识其类别 {0}</translation>
    </message>
    <message>
        <source>its header breaks off</source>
        <translation>文件头中断</translation>
    </message>
    <message>
        <source>its header contains {0}</source>
        <translation>文件头包含 {0}</translation>
    </message>
    <message>
        <source>its header has no end</source>
        <translation>文件头没有结尾</translation>
    </message>
    <message>
        <source>its header is not a table of tensors</source>
        <translation>文件头不是张量表</translation>
    </message>
    <message>
        <source>its header is not valid JSON</source>
        <translation>文件头不是有效的 JSON</translation>
    </message>
    <message>
        <source>its header names something twice</source>
        <translation>文件头中有重复的名称</translation>
    </message>
    <message>
        <source>its header promises more tensors than any model has</source>
        <translation>文件头声称的张量比任何模型都多</translation>
    </message>
    <message>
        <source>its layers are in the colour space {0}, and only 8 bit RGBA can be read</source>
        <translation>它的图层使用颜色空间 {0}，而只能读取 8 位 RGBA</translation>
    </message>
    <message>
        <source>its layers reach further than can be opened</source>
        <translation>它的图层延伸到无法打开的范围</translation>
    </message>
    <message>
        <source>its list of tiles is cut short</source>
        <translation>它的图块列表不完整</translation>
    </message>
    <message>
        <source>its list of tiles is damaged</source>
        <translation>它的图块列表已损坏</translation>
    </message>
    <message>
        <source>its notes are not a table</source>
        <translation>它的附注不是表</translation>
    </message>
    <message>
        <source>its outline has too many points</source>
        <translation>它的轮廓点太多</translation>
    </message>
    <message>
        <source>its outline is too large to be drawn</source>
        <translation>它的轮廓太大，无法绘制</translation>
    </message>
    <message>
        <source>its parts do not fit together ({0})</source>
        <translation>它的各部分互不匹配（{0}）</translation>
    </message>
    <message>
        <source>its pixels are cut short</source>
        <translation>它的像素不完整</translation>
    </message>
    <message>
        <source>its pixels are damaged</source>
        <translation>它的像素已损坏</translation>
    </message>
    <message>
        <source>its pixels have {0} bytes instead of {1}</source>
        <translation>它的像素有 {0} 字节，而不是 {1}</translation>
    </message>
    <message>
        <source>its stretches are in no order</source>
        <translation>它的路段没有顺序</translation>
    </message>
    <message>
        <source>its table of characters is too long</source>
        <translation>它的字符表太长</translation>
    </message>
    <message>
        <source>its tiles are packed in an unknown way</source>
        <translation>它的图块以未知方式压缩</translation>
    </message>
    <message>
        <source>its tiles have an unknown head</source>
        <translation>它的图块头部未知</translation>
    </message>
    <message>
        <source>its tiles have an unknown version or size</source>
        <translation>它的图块版本或大小未知</translation>
    </message>
    <message>
        <source>job</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>kind of edit</source>
        <translation>编辑种类</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>layer of an unknown kind</source>
        <translation>未知种类的图层</translation>
    </message>
    <message>
        <source>layered</source>
        <translation>分层</translation>
    </message>
    <message>
        <source>list</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>list of layers</source>
        <translation>图层列表</translation>
    </message>
    <message>
        <source>list of tiles</source>
        <translation>图块列表</translation>
    </message>
    <message>
        <source>load</source>
        <translation>载入</translation>
    </message>
    <message>
        <source>lora</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>loras</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>mask</source>
        <translation>蒙版</translation>
    </message>
    <message>
        <source>masks and clipping are applied</source>
        <translation>蒙版和剪贴会直接应用</translation>
    </message>
    <message>
        <source>merges keep these terms</source>
        <translation>合并模型须沿用这些条款</translation>
    </message>
    <message>
        <source>name its maker</source>
        <translation>须注明作者</translation>
    </message>
    <message>
        <source>negative_prompt</source>
        <translation>反向提示词</translation>
    </message>
    <message>
        <source>no commercial use</source>
        <translation>不得用于商业用途</translation>
    </message>
    <message>
        <source>no merges</source>
        <translation>不得合并</translation>
    </message>
    <message>
        <source>no merges of it may be shared</source>
        <translation>不得分享由它合并的模型</translation>
    </message>
    <message>
        <source>not a list</source>
        <translation>不是列表</translation>
    </message>
    <message>
        <source>not allowed</source>
        <translation>不允许</translation>
    </message>
    <message>
        <source>not an object</source>
        <translation>不是对象</translation>
    </message>
    <message>
        <source>num_images_per_prompt</source>
        <translation>图片数量</translation>
    </message>
    <message>
        <source>num_inference_steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>number</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>of the kind {0}</source>
        <translation>{0} 种类</translation>
    </message>
    <message>
        <source>on this layer</source>
        <translation>这一图层上</translation>
    </message>
    <message>
        <source>one of the two networks of Wan 2.2 A14B, which this version of Handscroll cannot run together. Use Wan 2.2 TI2V 5B or Wan 2.1.</source>
        <translation>Wan 2.2 A14B 的两个网络之一，此版本的 Handscroll 无法让它们一起运行。请使用 Wan 2.2 TI2V 5B 或 Wan 2.1。</translation>
    </message>
    <message>
        <source>opacity</source>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>other models left memory</source>
        <translation>其他模型已移出内存</translation>
    </message>
    <message>
        <source>other pixels are in &apos;{0}&apos; than it would replace</source>
        <translation>“{0}”中的像素与它要替换的不同</translation>
    </message>
    <message>
        <source>parts of the same name</source>
        <translation>同名的部分</translation>
    </message>
    <message>
        <source>parts that lie over one another</source>
        <translation>相互重叠的部分</translation>
    </message>
    <message>
        <source>pictures of the colour mode {0} cannot be read here</source>
        <translation>此处无法读取颜色模式为 {0} 的图片</translation>
    </message>
    <message>
        <source>pictures were computed one at a time</source>
        <translation>图片已逐张计算</translation>
    </message>
    <message>
        <source>place of a layer</source>
        <translation>图层位置</translation>
    </message>
    <message>
        <source>prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>property</source>
        <translation>属性</translation>
    </message>
    <message>
        <source>references</source>
        <translation>参考</translation>
    </message>
    <message>
        <source>refiner</source>
        <translation>精修模型</translation>
    </message>
    <message>
        <source>regions</source>
        <translation>提示区域</translation>
    </message>
    <message>
        <source>same terms for merges</source>
        <translation>合并模型须用相同条款</translation>
    </message>
    <message>
        <source>scale</source>
        <translation>倍数</translation>
    </message>
    <message>
        <source>see what a control layer follows</source>
        <translation>识别控制图层所遵循的内容</translation>
    </message>
    <message>
        <source>seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>selection</source>
        <translation>选区</translation>
    </message>
    <message>
        <source>set of properties</source>
        <translation>属性集合</translation>
    </message>
    <message>
        <source>size of a selection</source>
        <translation>选区大小</translation>
    </message>
    <message>
        <source>step</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>styles is no list</source>
        <translation>styles 不是列表</translation>
    </message>
    <message>
        <source>switch</source>
        <translation>开关</translation>
    </message>
    <message>
        <source>t2i-adapter</source>
        <translation>T2I-Adapter</translation>
    </message>
    <message>
        <source>tensors larger than the file</source>
        <translation>比文件还大的张量</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>text-encoder</source>
        <translation>文本编码器</translation>
    </message>
    <message>
        <source>textual-inversion</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>the VAE of FLUX (ae.safetensors)</source>
        <translation>FLUX 的 VAE（ae.safetensors）</translation>
    </message>
    <message>
        <source>the VAE of FLUX.2</source>
        <translation>FLUX.2 的 VAE</translation>
    </message>
    <message>
        <source>the VAE of Qwen-Image (qwen_image_vae.safetensors)</source>
        <translation>Qwen-Image 的 VAE（qwen_image_vae.safetensors）</translation>
    </message>
    <message>
        <source>the VAE of Stable Diffusion 3</source>
        <translation>Stable Diffusion 3 的 VAE</translation>
    </message>
    <message>
        <source>the VAE of Wan (wan_2.1_vae.safetensors)</source>
        <translation>Wan 的 VAE（wan_2.1_vae.safetensors）</translation>
    </message>
    <message>
        <source>the VAE of Wan 2.2 (wan2.2_vae.safetensors)</source>
        <translation>Wan 2.2 的 VAE（wan2.2_vae.safetensors）</translation>
    </message>
    <message>
        <source>the blend modes exclusion and behind may be shown as normal</source>
        <translation>“排除”和“背后”混合模式可能显示为正常</translation>
    </message>
    <message>
        <source>the blocks of the model waited outside the device</source>
        <translation>模型的各个块在设备之外等候</translation>
    </message>
    <message>
        <source>the control {0} makes no sense here ({1})</source>
        <translation>控制设置 {0} 在此没有意义（{1}）</translation>
    </message>
    <message>
        <source>the end is missing</source>
        <translation>缺少结尾</translation>
    </message>
    <message>
        <source>the entry {0} of its header is not a tensor</source>
        <translation>文件头中的 {0} 项不是张量</translation>
    </message>
    <message>
        <source>the frame lies elsewhere</source>
        <translation>画框在别处</translation>
    </message>
    <message>
        <source>the guides {0} make no sense here</source>
        <translation>参考线 {0} 在此没有意义</translation>
    </message>
    <message>
        <source>the header cannot be read</source>
        <translation>无法读取头部</translation>
    </message>
    <message>
        <source>the merged picture of {0} is packed in a way that cannot be read</source>
        <translation>{0} 的合并图片以无法读取的方式压缩</translation>
    </message>
    <message>
        <source>the note {0} of its header is of no known kind</source>
        <translation>文件头的附注 {0} 种类未知</translation>
    </message>
    <message>
        <source>the picture was begun anew</source>
        <translation>图片已重新开始绘制</translation>
    </message>
    <message>
        <source>the picture was encoded or decoded in tiles</source>
        <translation>图片已分块编码或解码</translation>
    </message>
    <message>
        <source>the picture was painted in windows</source>
        <translation>图片已分窗口块绘制</translation>
    </message>
    <message>
        <source>the pixels of a layer cannot be read: {0}</source>
        <translation>无法读取某个图层的像素：{0}</translation>
    </message>
    <message>
        <source>the prompt regions {0} make no sense here ({1})</source>
        <translation>提示区域 {0} 在此没有意义（{1}）</translation>
    </message>
    <message>
        <source>the route {0} makes no sense here ({1})</source>
        <translation>路线 {0} 在此没有意义（{1}）</translation>
    </message>
    <message>
        <source>the step &apos;{0}&apos; is damaged</source>
        <translation>步骤“{0}”已损坏</translation>
    </message>
    <message>
        <source>the step &apos;{0}&apos; is damaged ({1})</source>
        <translation>步骤“{0}”已损坏（{1}）</translation>
    </message>
    <message>
        <source>the tensor {0} ends before it begins</source>
        <translation>张量 {0} 在开始之前就结束了</translation>
    </message>
    <message>
        <source>the tensor {0} is larger than any can be</source>
        <translation>张量 {0} 大得不可能</translation>
    </message>
    <message>
        <source>the text encoder CLIP-G (clip_g.safetensors)</source>
        <translation>文本编码器 CLIP-G（clip_g.safetensors）</translation>
    </message>
    <message>
        <source>the text encoder CLIP-L (clip_l.safetensors)</source>
        <translation>文本编码器 CLIP-L（clip_l.safetensors）</translation>
    </message>
    <message>
        <source>the text encoder Mistral Small 3 (mistral_3_small_flux2_bf16.safetensors)</source>
        <translation>文本编码器 Mistral Small 3（mistral_3_small_flux2_bf16.safetensors）</translation>
    </message>
    <message>
        <source>the text encoder Qwen2.5-VL (qwen_2.5_vl_7b.safetensors)</source>
        <translation>文本编码器 Qwen2.5-VL（qwen_2.5_vl_7b.safetensors）</translation>
    </message>
    <message>
        <source>the text encoder Qwen3 (qwen_3_4b.safetensors)</source>
        <translation>文本编码器 Qwen3（qwen_3_4b.safetensors）</translation>
    </message>
    <message>
        <source>the text encoder T5-XXL (t5xxl_fp16.safetensors)</source>
        <translation>文本编码器 T5-XXL（t5xxl_fp16.safetensors）</translation>
    </message>
    <message>
        <source>the text encoder UMT5-XXL (umt5_xxl.safetensors)</source>
        <translation>文本编码器 UMT5-XXL（umt5_xxl.safetensors）</translation>
    </message>
    <message>
        <source>the view has no transform tool</source>
        <translation>视图没有变换工具</translation>
    </message>
    <message>
        <source>the vision network CLIP-H (clip_vision_h.safetensors)</source>
        <translation>视觉网络 CLIP-H（clip_vision_h.safetensors）</translation>
    </message>
    <message>
        <source>the word &apos;{0}&apos; has no likelihood</source>
        <translation>词“{0}”没有概率</translation>
    </message>
    <message>
        <source>the {0} {1} makes no sense here</source>
        <translation>{0} {1} 在此没有意义</translation>
    </message>
    <message>
        <source>their order is damaged</source>
        <translation>它们的顺序已损坏</translation>
    </message>
    <message>
        <source>there are no layers in them</source>
        <translation>其中没有图层</translation>
    </message>
    <message>
        <source>there are no weights (diffusion_pytorch_model.safetensors) in {0}.</source>
        <translation>{0} 中没有权重（diffusion_pytorch_model.safetensors）。</translation>
    </message>
    <message>
        <source>there are too many layers</source>
        <translation>图层太多</translation>
    </message>
    <message>
        <source>there are too many tiles, or they lie too far away</source>
        <translation>图块太多，或位置太远</translation>
    </message>
    <message>
        <source>they do not begin as layers do</source>
        <translation>开头不像图层数据</translation>
    </message>
    <message>
        <source>timed out</source>
        <translation>超时</translation>
    </message>
    <message>
        <source>too many or too few points</source>
        <translation>点太多或太少</translation>
    </message>
    <message>
        <source>transformer</source>
        <translation>去噪网络</translation>
    </message>
    <message>
        <source>unable to open database file</source>
        <translation>无法打开数据库文件</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>upscale</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>upscaler</source>
        <translation>放大模型</translation>
    </message>
    <message>
        <source>vae</source>
        <translation>VAE</translation>
    </message>
    <message>
        <source>values of a wrong kind</source>
        <translation>种类不对的值</translation>
    </message>
    <message>
        <source>values out of range</source>
        <translation>超出范围的值</translation>
    </message>
    <message>
        <source>variation_strength</source>
        <translation>变体强度</translation>
    </message>
    <message>
        <source>vector layer</source>
        <translation>矢量图层</translation>
    </message>
    <message>
        <source>whose kind nobody said</source>
        <translation>未说明种类</translation>
    </message>
    <message>
        <source>width</source>
        <translation>宽度</translation>
    </message>
    <message>
        <source>{0} asks for fewer requests.</source>
        <translation>{0} 要求减少请求。</translation>
    </message>
    <message>
        <source>{0} cannot be found. Is this computer connected to the network?</source>
        <translation>找不到 {0}。这台电脑连上网络了吗？</translation>
    </message>
    <message>
        <source>{0} cannot be locked. Close other programs that use it and try again.</source>
        <translation>无法锁定 {0}。请关闭使用它的其他程序后再试。</translation>
    </message>
    <message>
        <source>{0} cannot be made ({1}). Choose a folder that can be written.</source>
        <translation>无法创建 {0}（{1}）。请选择可以写入的文件夹。</translation>
    </message>
    <message>
        <source>{0} cannot be opened for painting: its folder cannot be written ({1}). Copy the file to a folder of your own and open it there.</source>
        <translation>无法打开 {0} 作画：它的文件夹不可写（{1}）。请把文件复制到自己的文件夹，再从那里打开。</translation>
    </message>
    <message>
        <source>{0} cannot be opened: {1}.</source>
        <translation>无法打开 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} cannot be read ({1}).</source>
        <translation>无法读取 {0}（{1}）。</translation>
    </message>
    <message>
        <source>{0} cannot be read as a Handscroll painting ({1}). The file has not been changed; open a copy of it from a backup if you have one.</source>
        <translation>{0} 不能作为 Handscroll 画作读取（{1}）。文件没有改动；如有备份，请打开备份中的副本。</translation>
    </message>
    <message>
        <source>{0} cannot be read at present ({1}). Bring its drive or folder back: what is not in memory is shown hatched until then and cannot be painted on.</source>
        <translation>目前无法读取 {0}（{1}）。请恢复它的驱动器或文件夹：在此之前，不在内存中的内容以斜线显示，不能在上面作画。</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}.</source>
        <translation>无法读取 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}. Its drive may be failing.</source>
        <translation>无法读取 {0}：{1}。它所在的磁盘可能正在损坏。</translation>
    </message>
    <message>
        <source>{0} cannot be written ({1}).</source>
        <translation>无法写入 {0}（{1}）。</translation>
    </message>
    <message>
        <source>{0} cannot be written to: {1}.</source>
        <translation>无法写入到 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}.</source>
        <translation>无法写入 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} claims to be {1} x {2} pixels, which is more than can be opened.</source>
        <translation>{0} 声称有 {1} × {2} 像素，超出可以打开的范围。</translation>
    </message>
    <message>
        <source>{0} claims to be {1} x {2} pixels; it is damaged or not meant to be opened.</source>
        <translation>{0} 声称有 {1} × {2} 像素；它已损坏，或本不是用来打开的。</translation>
    </message>
    <message>
        <source>{0} clips at once are too many; ask for one.</source>
        <translation>一次请求 {0} 个短片太多；请只要一个。</translation>
    </message>
    <message>
        <source>{0} could not be brought to this version ({1}). It has not been changed; a copy is in {2}.</source>
        <translation>无法把 {0} 更新到此版本（{1}）。文件没有改动；副本在 {2}。</translation>
    </message>
    <message>
        <source>{0} could not be converted: the process that did it ended early. Nothing was changed.</source>
        <translation>无法转换 {0}：执行转换的进程提前结束了。没有任何改动。</translation>
    </message>
    <message>
        <source>{0} did not arrive as {1} announced it: its checksum is another. Nothing was kept; download it again, and if that does not help, the file on the server is damaged or was exchanged.</source>
        <translation>收到的 {0} 与 {1} 所说的不符：校验和不同。没有保留任何内容；请重新下载，如果没有用，则是服务器上的文件已损坏或被调换。</translation>
    </message>
    <message>
        <source>{0} does not answer.</source>
        <translation>{0} 没有回应。</translation>
    </message>
    <message>
        <source>{0} does not give this file out: the key that was given does not open it.</source>
        <translation>{0} 不提供此文件：给出的密钥无法打开它。</translation>
    </message>
    <message>
        <source>{0} does not hold the {1} that &apos;{2}&apos; needs ({3}). Choose another file, or say in the library what this one is.</source>
        <translation>{0} 不含“{2}”所需的{1}（{3}）。请另选文件，或在模型库中说明它是什么。</translation>
    </message>
    <message>
        <source>{0} does not say which version of {1} this is.</source>
        <translation>{0} 没有说明这是 {1} 的哪个版本。</translation>
    </message>
    <message>
        <source>{0} ends too early; copy or download it again.</source>
        <translation>{0} 过早结束；请重新复制或下载。</translation>
    </message>
    <message>
        <source>{0} gave an answer that cannot be understood.</source>
        <translation>{0} 的回答无法理解。</translation>
    </message>
    <message>
        <source>{0} gave an answer with far too long a head. Nothing was downloaded.</source>
        <translation>{0} 的回答头部过长。没有下载任何内容。</translation>
    </message>
    <message>
        <source>{0} generations of this project begin with {1}; give more letters.</source>
        <translation>此项目中有 {0} 次生成以 {1} 开头；请多给几个字母。</translation>
    </message>
    <message>
        <source>{0} gives this file only to people it knows. Enter your key of that site.</source>
        <translation>{0} 只向已知用户提供此文件。请输入你在该网站的密钥。</translation>
    </message>
    <message>
        <source>{0} gives this file only to people who log in. Enter your key of that site.</source>
        <translation>{0} 只向登录用户提供此文件。请输入你在该网站的密钥。</translation>
    </message>
    <message>
        <source>{0} gives this model only to people who accepted its terms. Open its page, accept them, and enter your access token of that site.</source>
        <translation>{0} 只向接受条款的人提供此模型。请打开它的页面接受条款，并输入你在该网站的访问令牌。</translation>
    </message>
    <message>
        <source>{0} has another file there now.</source>
        <translation>{0} 上现在是另一个文件。</translation>
    </message>
    <message>
        <source>{0} has changed since the model was loaded. Start the job again.</source>
        <translation>载入模型后 {0} 有了改动。请重新开始任务。</translation>
    </message>
    <message>
        <source>{0} has declarations in its stack.xml that no drawing needs; it is not opened.</source>
        <translation>{0} 的 stack.xml 中有画作不需要的声明；没有打开。</translation>
    </message>
    <message>
        <source>{0} has declarations that no drawing needs; it is not opened.</source>
        <translation>{0} 中有画作不需要的声明；没有打开。</translation>
    </message>
    <message>
        <source>{0} has groups inside groups more than {1} deep.</source>
        <translation>{0} 的图层组嵌套超过 {1} 层。</translation>
    </message>
    <message>
        <source>{0} has more than {1} layers, which is more than can be opened.</source>
        <translation>{0} 的图层超过 {1} 个，无法打开。</translation>
    </message>
    <message>
        <source>{0} has no source</source>
        <translation>{0} 没有来源</translation>
    </message>
    <message>
        <source>{0} has no such model or file. Is the name right, and is it still there?</source>
        <translation>{0} 没有这个模型或文件。名称对吗？它还在那里吗？</translation>
    </message>
    <message>
        <source>{0} has trouble (answer {1}), and wants to be left alone for {2} minutes.</source>
        <translation>{0} 出现故障（回答 {1}），并希望 {2} 分钟内不被打扰。</translation>
    </message>
    <message>
        <source>{0} has trouble (answer {1}).</source>
        <translation>{0} 出现故障（回答 {1}）。</translation>
    </message>
    <message>
        <source>{0} has weights in {1} numbers, which cannot be read here.</source>
        <translation>{0} 的权重使用 {1} 数值，此处无法读取。</translation>
    </message>
    <message>
        <source>{0} has {1} MB; at most {2} MB can be opened.</source>
        <translation>{0} 有 {1} MB；最多能打开 {2} MB。</translation>
    </message>
    <message>
        <source>{0} has {1} bits per channel; 8, 16 and 32 can be opened.</source>
        <translation>{0} 每通道 {1} 位；可以打开 8、16 和 32 位。</translation>
    </message>
    <message>
        <source>{0} holds a part that is too large (&apos;{1}&apos;).</source>
        <translation>{0} 中有一部分太大（“{1}”）。</translation>
    </message>
    <message>
        <source>{0} holds more pixels than can be opened</source>
        <translation>{0} 的像素超出可以打开的范围</translation>
    </message>
    <message>
        <source>{0} holds more than weights ({1}) and could run code. It was not opened, and nothing of it was run. Do not use it.</source>
        <translation>{0} 除权重外还包含其他内容（{1}），可能会运行代码。没有打开它，也没有运行其中任何内容。请不要使用它。</translation>
    </message>
    <message>
        <source>{0} holds more than weights ({1}), and loading it could run code. Do not use it.</source>
        <translation>{0} 除权重外还包含其他内容（{1}），载入它可能会运行代码。请不要使用它。</translation>
    </message>
    <message>
        <source>{0} holds more than weights and could run code; nothing of it was run.</source>
        <translation>{0} 除权重外还包含其他内容，可能会运行代码；没有运行其中任何内容。</translation>
    </message>
    <message>
        <source>{0} holds no model files.</source>
        <translation>{0} 不含模型文件。</translation>
    </message>
    <message>
        <source>{0} holds no table of weights.</source>
        <translation>{0} 不含权重表。</translation>
    </message>
    <message>
        <source>{0} holds no weights.</source>
        <translation>{0} 不含权重。</translation>
    </message>
    <message>
        <source>{0} holds numbers of a format that safetensors has not ({1}).</source>
        <translation>{0} 含有 safetensors 没有的数值格式（{1}）。</translation>
    </message>
    <message>
        <source>{0} holds only a UNet. Use a file that has the text encoder and the VAE in it as well.</source>
        <translation>{0} 只含 UNet。请使用同时含有文本编码器和 VAE 的文件。</translation>
    </message>
    <message>
        <source>{0} holds {1} model files. Choose one.</source>
        <translation>{0} 含有 {1} 个模型文件。请选择一个。</translation>
    </message>
    <message>
        <source>{0} is &apos;{1}&apos;; it must be a number from 0 to {2}.</source>
        <translation>{0} 为“{1}”；必须是 0 到 {2} 的数字。</translation>
    </message>
    <message>
        <source>{0} is &apos;{1}&apos;; it must be auto or one of {2}.</source>
        <translation>{0} 为“{1}”；必须是 auto 或 {2} 之一。</translation>
    </message>
    <message>
        <source>{0} is Florence-2 in its first form, which runs code of its own. Use the one of florence-community instead: the same weights, without code.</source>
        <translation>{0} 是 Florence-2 的最初形式，会运行自带的代码。请改用 florence-community 的版本：权重相同，不带代码。</translation>
    </message>
    <message>
        <source>{0} is a GGUF file; of these only transformers can be read. Use a .safetensors file.</source>
        <translation>{0} 是 GGUF 文件；其中只有去噪网络可以读取。请使用 .safetensors 文件。</translation>
    </message>
    <message>
        <source>{0} is a JPEG XL picture. Install the package pillow-jxl-plugin (pip install pillow-jxl-plugin) to read it, or convert it to PNG.</source>
        <translation>{0} 是 JPEG XL 图片。请安装软件包 pillow-jxl-plugin（pip install pillow-jxl-plugin）来读取，或把它转换为 PNG。</translation>
    </message>
    <message>
        <source>{0} is a folder or a device, not a picture file.</source>
        <translation>{0} 是文件夹或设备，不是图片文件。</translation>
    </message>
    <message>
        <source>{0} is a pickled file, and pickled files can run code. Convert it to safetensors first.</source>
        <translation>{0} 是 pickle 文件，pickle 文件可能运行代码。请先把它转换为 safetensors。</translation>
    </message>
    <message>
        <source>{0} is a single file of {1}; that family runs from a diffusers folder only.</source>
        <translation>{0} 是 {1} 的单个文件；该家族只能从 diffusers 文件夹运行。</translation>
    </message>
    <message>
        <source>{0} is a tagger made with timm, which Handscroll does not come with. {1}</source>
        <translation>{0} 是用 timm 制作的标签模型，Handscroll 不含 timm。{1}</translation>
    </message>
    <message>
        <source>{0} is a {1} model; this version of Handscroll cannot run that family yet.</source>
        <translation>{0} 是 {1} 模型；此版本的 Handscroll 还不能运行该家族。</translation>
    </message>
    <message>
        <source>{0} is already there. Choose another name, or open it.</source>
        <translation>{0} 已存在。请另选名称，或打开它。</translation>
    </message>
    <message>
        <source>{0} is already there: {1}.</source>
        <translation>{0} 已存在：{1}。</translation>
    </message>
    <message>
        <source>{0} is an HEIC picture. Install the package pillow-heif (pip install pillow-heif) to read it, or convert it to JPEG or PNG.</source>
        <translation>{0} 是 HEIC 图片。请安装软件包 pillow-heif（pip install pillow-heif）来读取，或把它转换为 JPEG 或 PNG。</translation>
    </message>
    <message>
        <source>{0} is closed.</source>
        <translation>{0} 已关闭。</translation>
    </message>
    <message>
        <source>{0} is closed; nothing can be written to it.</source>
        <translation>{0} 已关闭；不能再写入。</translation>
    </message>
    <message>
        <source>{0} is cut short or damaged: a part of it is longer than the file.</source>
        <translation>{0} 不完整或已损坏：其中一部分比文件还长。</translation>
    </message>
    <message>
        <source>{0} is damaged</source>
        <translation>{0} 已损坏</translation>
    </message>
    <message>
        <source>{0} is damaged and cannot be opened ({1}).</source>
        <translation>{0} 已损坏，无法打开（{1}）。</translation>
    </message>
    <message>
        <source>{0} is damaged and cannot be opened.</source>
        <translation>{0} 已损坏，无法打开。</translation>
    </message>
    <message>
        <source>{0} is damaged and stays as it is. Save the painting elsewhere: what can be read comes along.</source>
        <translation>{0} 已损坏，会保持原样。请把画作另存到别处：能读取的内容会一并保存。</translation>
    </message>
    <message>
        <source>{0} is damaged or cut short and cannot be read ({1}).</source>
        <translation>{0} 已损坏或不完整，无法读取（{1}）。</translation>
    </message>
    <message>
        <source>{0} is damaged or incomplete. Copy or download it again.</source>
        <translation>{0} 已损坏或不完整。请重新复制或下载。</translation>
    </message>
    <message>
        <source>{0} is damaged or not {1} file ({2}).</source>
        <translation>{0} 已损坏，或不是{1}文件（{2}）。</translation>
    </message>
    <message>
        <source>{0} is damaged, or a kind with {1} channels that cannot be read here. Save it with 8 bits.</source>
        <translation>{0} 已损坏，或属于此处无法读取的 {1} 通道种类。请以 8 位保存。</translation>
    </message>
    <message>
        <source>{0} is damaged, or no file of weights. Copy or download it again.</source>
        <translation>{0} 已损坏，或不是权重文件。请重新复制或下载。</translation>
    </message>
    <message>
        <source>{0} is damaged: it does not describe a model. Copy or download it again.</source>
        <translation>{0} 已损坏：它没有描述模型。请重新复制或下载。</translation>
    </message>
    <message>
        <source>{0} is damaged: it holds its picture in more than {1} passes.</source>
        <translation>{0} 已损坏：它的图片分成了超过 {1} 遍。</translation>
    </message>
    <message>
        <source>{0} is damaged: it is not valid JSON. Copy or download it again.</source>
        <translation>{0} 已损坏：它不是有效的 JSON。请重新复制或下载。</translation>
    </message>
    <message>
        <source>{0} is damaged: its header makes no sense.</source>
        <translation>{0} 已损坏：它的文件头没有意义。</translation>
    </message>
    <message>
        <source>{0} is damaged: its merged picture is incomplete</source>
        <translation>{0} 已损坏：它的合并图片不完整</translation>
    </message>
    <message>
        <source>{0} is damaged: its tensor {1} claims more than the file holds.</source>
        <translation>{0} 已损坏：它的张量 {1} 声称的内容超出文件。</translation>
    </message>
    <message>
        <source>{0} is damaged: {1}</source>
        <translation>{0} 已损坏：{1}</translation>
    </message>
    <message>
        <source>{0} is far larger than such a file can be; it is not a model&apos;s description.</source>
        <translation>{0} 比此类文件可能的大小大得多；它不是模型的描述。</translation>
    </message>
    <message>
        <source>{0} is far longer than a list of model folders can be; it was not read.</source>
        <translation>{0} 比模型文件夹列表可能的长度长得多；没有读取。</translation>
    </message>
    <message>
        <source>{0} is far too large: at most {1} megapixels can be read.</source>
        <translation>{0} 太大：最多能读取 {1} 百万像素。</translation>
    </message>
    <message>
        <source>{0} is given only to people who accepted its terms. Accept them at {1}/{2}, make an access token there, and enter it here.</source>
        <translation>{0} 只提供给接受条款的人。请在 {1}/{2} 接受条款，在那里创建访问令牌，并在此输入。</translation>
    </message>
    <message>
        <source>{0} is incomplete: &apos;{1}&apos; is missing.</source>
        <translation>{0} 不完整：缺少“{1}”。</translation>
    </message>
    <message>
        <source>{0} is larger than {1} GB, too large for a picture.</source>
        <translation>{0} 超过 {1} GB，对图片来说太大。</translation>
    </message>
    <message>
        <source>{0} is missing</source>
        <translation>缺少 {0}</translation>
    </message>
    <message>
        <source>{0} is no file with layers that can be opened here ({1}).</source>
        <translation>{0} 不是此处能打开的分层文件（{1}）。</translation>
    </message>
    <message>
        <source>{0} is no longer there</source>
        <translation>{0} 已不在那里</translation>
    </message>
    <message>
        <source>{0} is no longer there. Put it back or remove the model from the library.</source>
        <translation>{0} 已不在那里。请把它放回去，或从模型库中移除该模型。</translation>
    </message>
    <message>
        <source>{0} is no number</source>
        <translation>{0} 不是数字</translation>
    </message>
    <message>
        <source>{0} is no pickled file; only .ckpt, .pt, .pth and .bin files can be converted.</source>
        <translation>{0} 不是 pickle 文件；只能转换 .ckpt、.pt、.pth 和 .bin 文件。</translation>
    </message>
    <message>
        <source>{0} is not a Handscroll painting. Choose a file that Handscroll saved.</source>
        <translation>{0} 不是 Handscroll 画作。请选择 Handscroll 保存的文件。</translation>
    </message>
    <message>
        <source>{0} is not a Krita file: it lists no picture.</source>
        <translation>{0} 不是 Krita 文件：其中没有列出图片。</translation>
    </message>
    <message>
        <source>{0} is not a Photoshop file.</source>
        <translation>{0} 不是 Photoshop 文件。</translation>
    </message>
    <message>
        <source>{0} is not a folder; choose the folder that holds your models.</source>
        <translation>{0} 不是文件夹；请选择存放模型的文件夹。</translation>
    </message>
    <message>
        <source>{0} is not a kind of model that Handscroll knows. If you know what it is, say so in the library.</source>
        <translation>{0} 不是 Handscroll 认识的模型种类。如果你知道它是什么，请在模型库中说明。</translation>
    </message>
    <message>
        <source>{0} is not a list of model folders as ComfyUI writes it: it is damaged.</source>
        <translation>{0} 不是 ComfyUI 所写的模型文件夹列表：它已损坏。</translation>
    </message>
    <message>
        <source>{0} is not a model: models are .safetensors or .gguf files, pickled files, or diffusers folders.</source>
        <translation>{0} 不是模型：模型是 .safetensors 或 .gguf 文件、pickle 文件或 diffusers 文件夹。</translation>
    </message>
    <message>
        <source>{0} is not a number from {1} to {2}</source>
        <translation>{0} 不是 {1} 到 {2} 的数字</translation>
    </message>
    <message>
        <source>{0} is not a number that it can have</source>
        <translation>{0} 不是它能取的数值</translation>
    </message>
    <message>
        <source>{0} is not a picture that can be read here, or it is damaged. Convert it to PNG or JPEG.</source>
        <translation>{0} 不是此处能读取的图片，或已损坏。请把它转换为 PNG 或 JPEG。</translation>
    </message>
    <message>
        <source>{0} is not a text</source>
        <translation>{0} 不是文字</translation>
    </message>
    <message>
        <source>{0} is not a whole safetensors file; copy or download it again.</source>
        <translation>{0} 不是完整的 safetensors 文件；请重新复制或下载。</translation>
    </message>
    <message>
        <source>{0} is not an OpenRaster file: its stack.xml lists no layers.</source>
        <translation>{0} 不是 OpenRaster 文件：它的 stack.xml 中没有列出图层。</translation>
    </message>
    <message>
        <source>{0} is not read ahead: something else is more urgent.</source>
        <translation>没有预先读取 {0}：有更紧急的任务。</translation>
    </message>
    <message>
        <source>{0} is not {1} file.</source>
        <translation>{0} 不是{1}文件。</translation>
    </message>
    <message>
        <source>{0} is of a wrong kind</source>
        <translation>{0} 的种类不对</translation>
    </message>
    <message>
        <source>{0} is only a part of a {1} model. Not in the library: {2}. Put that into one of your model folders, or choose it on the model&apos;s page.</source>
        <translation>{0} 只是 {1} 模型的一部分。模型库中缺少：{2}。请把它放入你的某个模型文件夹，或在模型页面上选择它。</translation>
    </message>
    <message>
        <source>{0} is open in another window or another Handscroll. Close it there first.</source>
        <translation>{0} 已在另一个窗口或另一个 Handscroll 中打开。请先在那里关闭它。</translation>
    </message>
    <message>
        <source>{0} is packed as {1}, which Handscroll cannot read. Use an fp16, fp8 or GGUF file.</source>
        <translation>{0} 以 {1} 方式压缩，Handscroll 无法读取。请使用 fp16、fp8 或 GGUF 文件。</translation>
    </message>
    <message>
        <source>{0} is there already. Move it away or choose another name, and convert again.</source>
        <translation>{0} 已存在。请把它移走或另选名称，然后重新转换。</translation>
    </message>
    <message>
        <source>{0} is {1}</source>
        <translation>{0} 是{1}</translation>
    </message>
    <message>
        <source>{0} is {1} pixels; it must be between 16 and {2}.</source>
        <translation>{0}为 {1} 像素；必须在 16 到 {2} 之间。</translation>
    </message>
    <message>
        <source>{0} is {1} x {2} pixels. At most {3} a side and {4} megapixels can be read; make it smaller first.</source>
        <translation>{0} 为 {1} × {2} 像素。每边最多 {3}、总共最多 {4} 百万像素才能读取；请先缩小。</translation>
    </message>
    <message>
        <source>{0} is {1}; it must be between {2} and {3}.</source>
        <translation>{0}为 {1}；必须在 {2} 到 {3} 之间。</translation>
    </message>
    <message>
        <source>{0} knows no such model, or shows it only to its owners. Is its name right?</source>
        <translation>{0} 不知道这个模型，或只向其所有者显示。名称对吗？</translation>
    </message>
    <message>
        <source>{0} must be uint8 of shape {1}, but is {2} of shape {3}.</source>
        <translation>{0}必须是形状为 {1} 的 uint8，但它是形状为 {3} 的 {2}。</translation>
    </message>
    <message>
        <source>{0} names a picture outside of itself (&apos;{1}&apos;).</source>
        <translation>{0} 指向自身之外的图片（“{1}”）。</translation>
    </message>
    <message>
        <source>{0} needs {1} GB as safetensors, and only {2} GB are free in {3}.</source>
        <translation>{0} 转换为 safetensors 需要 {1} GB，而 {3} 中只有 {2} GB 可用。</translation>
    </message>
    <message>
        <source>{0} numbers wide</source>
        <translation>宽度 {0}</translation>
    </message>
    <message>
        <source>{0} of {1} tensors of &apos;{2}&apos; do not belong to this model and were left out.</source>
        <translation>“{2}”的 {1} 个张量中有 {0} 个不属于此模型，已略去。</translation>
    </message>
    <message>
        <source>{0} packs its weights in a way that cannot be read here ({1}).</source>
        <translation>{0} 以此处无法读取的方式压缩权重（{1}）。</translation>
    </message>
    <message>
        <source>{0} pictures in one message are over the limit of {1}.</source>
        <translation>一条消息中有 {0} 张图片，超过上限 {1}。</translation>
    </message>
    <message>
        <source>{0} pictures of {1} x {2} pixels are too many for {3}. Choose fewer seconds, a smaller size, MP4 or WebM.</source>
        <translation>{0} 张 {1} × {2} 像素的图片对 {3} 来说太多。请减少秒数、缩小尺寸，或选择 MP4 或 WebM。</translation>
    </message>
    <message>
        <source>{0} refuses (answer {1}).</source>
        <translation>{0} 拒绝了（回答 {1}）。</translation>
    </message>
    <message>
        <source>{0} refuses the connection.</source>
        <translation>{0} 拒绝连接。</translation>
    </message>
    <message>
        <source>{0} regions are too many; {1} at most.</source>
        <translation>{0} 个提示区域太多；最多 {1} 个。</translation>
    </message>
    <message>
        <source>{0} sees {1} classes of things; control models follow the {2} of ADE20K. Use a network that was trained with those.</source>
        <translation>{0} 识别 {1} 类事物；控制模型遵循 ADE20K 的 {2} 类。请使用以其训练的网络。</translation>
    </message>
    <message>
        <source>{0} sees {1} points of a body; control models follow people as COCO has them, with 17 points, or with 133 or 308, hands and face included. Use a network that was trained with those.</source>
        <translation>{0} 识别人体的 {1} 个点；控制模型按 COCO 的人体遵循，即 17 个点，或含手和脸的 133 或 308 个点。请使用按这些点训练的网络。</translation>
    </message>
    <message>
        <source>{0} sends a page instead of a model. Use the address of the file itself, not of its page.</source>
        <translation>{0} 发来的是网页而不是模型。请使用文件本身的网址，而不是其页面的网址。</translation>
    </message>
    <message>
        <source>{0} sends from one address to the next without end. Try again later.</source>
        <translation>{0} 不停地转到下一个地址。请稍后再试。</translation>
    </message>
    <message>
        <source>{0} sends more of {1} than it announced ({2} bytes). That is not the file; nothing was kept.</source>
        <translation>{0} 发来的 {1} 比所说的多（{2} 字节）。这不是那个文件；没有保留任何内容。</translation>
    </message>
    <message>
        <source>{0} sends on to another address, but does not say which.</source>
        <translation>{0} 转到另一个地址，但没有说明是哪一个。</translation>
    </message>
    <message>
        <source>{0} sends to an address on this very computer, which is not followed.</source>
        <translation>{0} 转到这台电脑自身的地址，不予跟随。</translation>
    </message>
    <message>
        <source>{0} sent {1} bytes of {2} instead of {3}. That is not the file; nothing was kept.</source>
        <translation>{0} 发来 {2} 的 {1} 字节，而不是 {3}。这不是那个文件；没有保留任何内容。</translation>
    </message>
    <message>
        <source>{0} variations of one another are too many; {1} at most.</source>
        <translation>相互衍生的 {0} 个变体太多；最多 {1} 个。</translation>
    </message>
    <message>
        <source>{0} was announced with {1} bytes. Something is wrong at {2}; nothing was kept.</source>
        <translation>{0} 声称有 {1} 字节。{2} 有问题；没有保留任何内容。</translation>
    </message>
    <message>
        <source>{0} was replaced by another file on {1}. Look it up again.</source>
        <translation>{1} 上的 {0} 已换成另一个文件。请重新查询。</translation>
    </message>
    <message>
        <source>{0} was saved by a newer Handscroll (file version {1}); update Handscroll to open it.</source>
        <translation>{0} 由更新版本的 Handscroll 保存（文件版本 {1}）；请更新 Handscroll 后再打开。</translation>
    </message>
    <message>
        <source>{0} was saved by a newer Handscroll (file version {1}.{2}; this one reads {3}.x). Update Handscroll to open it; the file has not been changed.</source>
        <translation>{0} 由更新版本的 Handscroll 保存（文件版本 {1}.{2}；此版本读取 {3}.x）。请更新 Handscroll 后再打开；文件没有改动。</translation>
    </message>
    <message>
        <source>{0} weights are missing in its files, among them {1}.</source>
        <translation>它的文件中缺少 {0} 个权重，其中有 {1}。</translation>
    </message>
    <message>
        <source>{0} would be asked without encryption, and anybody on the way could change the model. Use an address that begins with https://.</source>
        <translation>访问 {0} 将没有加密，途中任何人都可能改动模型。请使用以 https:// 开头的网址。</translation>
    </message>
    <message>
        <source>{0} x {1} pixels are too many for one picture file. Choose a smaller size, export the frame or a selection, or choose OpenRaster.</source>
        <translation>{0} × {1} 像素对一个图片文件来说太多。请缩小尺寸、导出画框或选区，或选择 OpenRaster。</translation>
    </message>
    <message>
        <source>{0} x {1} pixels are too many for one picture. Choose a smaller area.</source>
        <translation>{0} × {1} 像素对一张图片来说太多。请选小一些的区域。</translation>
    </message>
    <message>
        <source>{0} {1} are too many; {2} at most.</source>
        <translation>{0} 个{1}太多；最多 {2} 个。</translation>
    </message>
    <message>
        <source>{0}, chosen as {1}, which is not there</source>
        <translation>{0}（选为 {1}，但它不在那里）</translation>
    </message>
    <message>
        <source>{0}-channel</source>
        <translation>{0} 通道</translation>
    </message>
</context>
<context>
    <name>shortage</name>
    <message>
        <source>It needs about {needed} GB of memory, and {free} GB are free.</source>
        <translation>约需 {needed} GB 内存，现有 {free} GB 空闲。</translation>
    </message>
    <message>
        <source>Choose a smaller frame or a smaller model, or close programs.</source>
        <translation>请选择较小的画框或较小的模型，或关闭其他程序。</translation>
    </message>
    <message>
        <source>With {frames} frames it would fit, or in a smaller frame.</source>
        <translation>用 {frames} 帧就放得下，或改用较小的画框。</translation>
    </message>
</context>
<context>
    <name>spoken</name>
    <message>
        <source>{0}.</source>
        <translation>{0}。</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
</context>
<context>
    <name>styles</name>
    <message>
        <source>Enhance</source>
        <translation>增强</translation>
    </message>
    <message>
        <source>Anime</source>
        <translation>动漫</translation>
    </message>
    <message>
        <source>Photographic</source>
        <translation>摄影</translation>
    </message>
    <message>
        <source>Digital art</source>
        <translation>数字艺术</translation>
    </message>
    <message>
        <source>Comic book</source>
        <translation>漫画</translation>
    </message>
    <message>
        <source>Fantasy art</source>
        <translation>奇幻艺术</translation>
    </message>
    <message>
        <source>Line art</source>
        <translation>线稿</translation>
    </message>
    <message>
        <source>Analog film</source>
        <translation>胶片</translation>
    </message>
    <message>
        <source>Neon punk</source>
        <translation>霓虹朋克</translation>
    </message>
    <message>
        <source>Isometric</source>
        <translation>等距视角</translation>
    </message>
    <message>
        <source>Low poly</source>
        <translation>低多边形</translation>
    </message>
    <message>
        <source>Origami</source>
        <translation>折纸</translation>
    </message>
    <message>
        <source>Modeling compound</source>
        <translation>黏土造型</translation>
    </message>
    <message>
        <source>Cinematic</source>
        <translation>电影感</translation>
    </message>
    <message>
        <source>3D model</source>
        <translation>3D 模型</translation>
    </message>
    <message>
        <source>Pixel art</source>
        <translation>像素画</translation>
    </message>
    <message>
        <source>Tile texture</source>
        <translation>平铺纹理</translation>
    </message>
    <message>
        <source>Ink wash</source>
        <translation>水墨</translation>
    </message>
    <message>
        <source>Watercolour</source>
        <translation>水彩</translation>
    </message>
    <message>
        <source>Oil painting</source>
        <translation>油画</translation>
    </message>
    <message>
        <source>Pencil sketch</source>
        <translation>铅笔素描</translation>
    </message>
</context>
<context>
    <name>sweep</name>
    <message>
        <source>Columns and rows both set {field}. Choose another one for one.</source>
        <translation>列和行都在更改“{field}”。请为其中之一另选一项。</translation>
    </message>
    <message>
        <source>{columns} × {rows} are {count} pictures; at most {most} are painted in one go. Leave values out.</source>
        <translation>{columns} × {rows} 共 {count} 张图片；一次最多绘制 {most} 张。请减少一些值。</translation>
    </message>
    <message>
        <source>Strength means nothing here: everything is painted anew. Refine and Fill have one.</source>
        <translation>强度在这里不起作用：一切都会重新绘制。“精修”和“重绘”才有强度。</translation>
    </message>
    <message>
        <source>There is no soft rim here: select something first.</source>
        <translation>这里没有柔边：请先选中一处。</translation>
    </message>
    <message>
        <source>Remove works without words. Choose another setting.</source>
        <translation>“移除”不用文字。请选择别的设置。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Words of the prompt</source>
        <translation>提示词中的文字</translation>
    </message>
    <message>
        <source>Words of the negative prompt</source>
        <translation>反向提示词中的文字</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>引导</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>Variation</source>
        <translation>变体</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>调度器</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Feather</source>
        <translation>羽化</translation>
    </message>
    <message>
        <source>The first is searched in the prompt, the others stand in for it: summer, winter, &quot;night, moon&quot;</source>
        <translation>在提示词中查找第一个值，其余的依次替换它：夏, 冬, &quot;夜, 月&quot;</translation>
    </message>
    <message>
        <source>&apos;{search}&apos; is not in the prompt: &apos;{prompt}&apos;. The first value must be a part of it.</source>
        <translation>提示词“{prompt}”中没有“{search}”。第一个值必须是其中的一部分。</translation>
    </message>
    <message>
        <source>&apos;{search}&apos; is not in the negative prompt: &apos;{prompt}&apos;. The first value must be a part of it.</source>
        <translation>反向提示词“{prompt}”中没有“{search}”。第一个值必须是其中的一部分。</translation>
    </message>
    <message>
        <source>There is no scheduler &apos;{name}&apos;. These are there: {names}.</source>
        <translation>没有名为“{name}”的调度器。可用的有：{names}。</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; fits several models: {names}. Write more of the name.</source>
        <translation>“{name}”符合多个模型：{names}。请把名称写得更完整。</translation>
    </message>
    <message>
        <source>There is no model &apos;{name}&apos; in the library. These are there: {names}.</source>
        <translation>模型库中没有模型“{name}”。可用的有：{names}。</translation>
    </message>
    <message>
        <source>Names, with commas between them; + offers them all</source>
        <translation>名称，用逗号分隔；点 + 可列出全部</translation>
    </message>
    <message>
        <source>1, 2, 3 or 1-10; ? draws one: ?, ?, ?</source>
        <translation>1, 2, 3 或 1-10；? 表示随机抽取一个：?, ?, ?</translation>
    </message>
    <message>
        <source>In percent: 20, 50, 80, by steps 20-80 (+20), so many 10-90 [5]</source>
        <translation>以百分比计：20, 50, 80；按步长 20-80 (+20)；按个数 10-90 [5]</translation>
    </message>
    <message>
        <source>1, 2, 3, by steps 4-12 (+4), so many of a range 1-10 [4]</source>
        <translation>1, 2, 3；按步长 4-12 (+4)；在范围内按个数 1-10 [4]</translation>
    </message>
    <message>
        <source>{columns} × {rows} pictures of {width} × {height} pixels are too large to be shown at once. Leave values out, or make the frame or the selection smaller.</source>
        <translation>{columns} × {rows} 张 {width} × {height} 像素的图片太大，无法同时显示。请减少一些值，或缩小画框或选区。</translation>
    </message>
    <message>
        <source>Type at least one value.</source>
        <translation>请至少输入一个值。</translation>
    </message>
    <message>
        <source>These are more than {most} values. Leave some out.</source>
        <translation>值超过了 {most} 个。请去掉一些。</translation>
    </message>
    <message>
        <source>A quotation mark in &apos;{text}&apos; is not closed.</source>
        <translation>“{text}”中有引号没有闭合。</translation>
    </message>
    <message>
        <source>&apos;{part}&apos; cannot be read. Write 1, 2, 3, a range with steps 4-12 (+4), or so many of it 1-10 [4].</source>
        <translation>无法识别“{part}”。请写成 1, 2, 3，带步长的范围 4-12 (+4)，或指定个数的范围 1-10 [4]。</translation>
    </message>
    <message>
        <source>The step of &apos;{part}&apos; is 0; it never gets to its end.</source>
        <translation>“{part}”的步长为 0，永远到不了终点。</translation>
    </message>
    <message>
        <source>&apos;{part}&apos; means {count} values; it must be 1 to {most}.</source>
        <translation>“{part}”表示 {count} 个值；必须为 1 到 {most} 个。</translation>
    </message>
    <message>
        <source>&apos;{part}&apos;: only whole numbers make sense here.</source>
        <translation>“{part}”：此处只能使用整数。</translation>
    </message>
    <message>
        <source>{number} is less than one percent. Write 50 for a half.</source>
        <translation>{number} 小于百分之一。一半请写 50。</translation>
    </message>
    <message>
        <source>{number} is out of reach; it must be {low} to {high}.</source>
        <translation>{number} 超出范围；必须在 {low} 到 {high} 之间。</translation>
    </message>
    <message>
        <source>This is too long: {count} characters, at most {most} are read.</source>
        <translation>太长了：{count} 个字符，最多读取 {most} 个。</translation>
    </message>
</context>
<context>
    <name>tools</name>
    <message>
        <source>This layer is hidden. Show it in the layers panel to work on it.</source>
        <translation>这一图层已隐藏。请在图层面板中显示它，再进行操作。</translation>
    </message>
    <message>
        <source>This layer is locked. Unlock it in the layers panel to work on it.</source>
        <translation>这一图层已锁定。请在图层面板中解锁，再进行操作。</translation>
    </message>
    <message>
        <source>This is a group. Choose one of the layers inside it.</source>
        <translation>这是图层组。请选择组里的某个图层。</translation>
    </message>
    <message>
        <source>This is an adjustment. Choose a layer with pixels, or its mask.</source>
        <translation>这是调整图层。请选择有像素的图层，或它的蒙版。</translation>
    </message>
    <message>
        <source>No layer is chosen. Choose or add one in the layers panel.</source>
        <translation>没有选中图层。请在图层面板中选择或添加一个。</translation>
    </message>
    <message>
        <source>This layer cannot be worked on.</source>
        <translation>无法在这一图层上操作。</translation>
    </message>
    <message>
        <source>Move a copy</source>
        <translation>移动副本</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>Move selected pixels</source>
        <translation>移动选中的像素</translation>
    </message>
    <message>
        <source>{x}, {y} px</source>
        <translation>{x}, {y} 像素</translation>
    </message>
    <message>
        <source>Combine</source>
        <translation>组合方式</translation>
    </message>
    <message>
        <source>How a new shape meets the selection (Shift adds, Alt takes away, both keep what is in both)</source>
        <translation>新形状与已有选区如何组合（Shift 添加，Alt 减去，两者同按保留重叠部分）</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Subtract</source>
        <translation>减去</translation>
    </message>
    <message>
        <source>Intersect</source>
        <translation>交叉</translation>
    </message>
    <message>
        <source>Feather</source>
        <translation>羽化</translation>
    </message>
    <message>
        <source>How far the edge of a new shape fades</source>
        <translation>新形状的边缘过渡多宽</translation>
    </message>
    <message>
        <source>Antialias</source>
        <translation>抗锯齿</translation>
    </message>
    <message>
        <source>Edges without steps</source>
        <translation>让边缘没有锯齿</translation>
    </message>
    <message>
        <source>{width} × {height}</source>
        <translation>{width} × {height}</translation>
    </message>
    <message>
        <source>A selection may be at most {most} pixels wide and high; this one would be {width} × {height}. Select a smaller area.</source>
        <translation>选区的宽和高最多 {most} 像素；这个会是 {width} × {height}。请选小一些的区域。</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Diameter in canvas pixels ([ and ])</source>
        <translation>直径，以画布像素计（[ 与 ]）</translation>
    </message>
    <message>
        <source>Hardness</source>
        <translation>硬度</translation>
    </message>
    <message>
        <source>How sharp the edge is</source>
        <translation>笔刷边缘的锐利程度</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>The most that one stroke covers</source>
        <translation>一笔最多能覆盖多少</translation>
    </message>
    <message>
        <source>Flow</source>
        <translation>流量</translation>
    </message>
    <message>
        <source>How much paint each touch leaves</source>
        <translation>每次落笔留下多少颜料</translation>
    </message>
    <message>
        <source>Something went wrong ({problem}). The painting is safe; details are in the log file.</source>
        <translation>出了点问题（{problem}）。画作是安全的，详情见日志文件。</translation>
    </message>
    <message>
        <source>Take from</source>
        <translation>取样自</translation>
    </message>
    <message>
        <source>Whether the copy is taken from what is seen or from the chosen layer alone</source>
        <translation>从所见画面复制，还是只从选中的图层复制</translation>
    </message>
    <message>
        <source>All layers</source>
        <translation>所有图层</translation>
    </message>
    <message>
        <source>This layer</source>
        <translation>本图层</translation>
    </message>
    <message>
        <source>Aligned</source>
        <translation>对齐</translation>
    </message>
    <message>
        <source>The source keeps its distance from stroke to stroke; otherwise every stroke begins at the cross</source>
        <translation>每一笔都与来源保持相同距离；否则每一笔都从十字处开始</translation>
    </message>
    <message>
        <source>Hold Alt and click the place to copy from first.</source>
        <translation>请先按住 Alt 点击要复制的地方。</translation>
    </message>
    <message>
        <source>Masks cannot be cloned onto. Choose a layer with pixels.</source>
        <translation>不能在蒙版上仿制。请选择有像素的图层。</translation>
    </message>
    <message>
        <source>Click an area to fill it. Shift fills the whole selection, or the frame without one.</source>
        <translation>点击区域进行填充。按住 Shift 填充整个选区，没有选区则填充画框。</translation>
    </message>
    <message>
        <source>Tolerance</source>
        <translation>容差</translation>
    </message>
    <message>
        <source>How different from the clicked pixel a pixel may be and still be filled</source>
        <translation>像素与点击处相差多少仍会被填充</translation>
    </message>
    <message>
        <source>Contiguous</source>
        <translation>连续</translation>
    </message>
    <message>
        <source>Fill only what hangs together; otherwise everything of that colour</source>
        <translation>只填充相连的部分；否则填充所有该颜色的地方</translation>
    </message>
    <message>
        <source>Look at</source>
        <translation>参照</translation>
    </message>
    <message>
        <source>Which pixels are borders: of all layers together or of this layer only</source>
        <translation>以哪些像素为边界：所有图层合在一起，或只看本图层</translation>
    </message>
    <message>
        <source>Close gaps</source>
        <translation>闭合缝隙</translation>
    </message>
    <message>
        <source>Holes in an outline up to this width count as closed</source>
        <translation>轮廓上不超过此宽度的缺口视为闭合</translation>
    </message>
    <message>
        <source>Grow</source>
        <translation>外扩</translation>
    </message>
    <message>
        <source>Reach so far under the surrounding lines; negative values stay away from them</source>
        <translation>向周围线条下方延伸多远；负值则与线条保持距离</translation>
    </message>
    <message>
        <source>This place is not selected. Click inside the selection, or drop it first.</source>
        <translation>这里不在选区内。请在选区内点击，或先取消选区。</translation>
    </message>
    <message>
        <source>The canvas is empty and endless here. Click inside the frame or the painting, or select an area.</source>
        <translation>这里是空白的无边画布。请在画框或画面内点击，或选中一个区域。</translation>
    </message>
    <message>
        <source>{width} × {height} pixels are too many to search. Select a smaller area around it first.</source>
        <translation>{width} × {height} 像素太多，无法搜索。请先在周围选中小一些的区域。</translation>
    </message>
    <message>
        <source>Nothing is left to fill: the area is smaller than it is shrunk by.</source>
        <translation>没有可填充的部分：区域比收缩的量还小。</translation>
    </message>
    <message>
        <source>This area is open: it was filled up to the edge of what is painted.</source>
        <translation>这个区域没有闭合：已填充到画面的边缘。</translation>
    </message>
    <message>
        <source>Drag from the first colour to the last: over the selection, or the frame without one. Shift: 15°.</source>
        <translation>从第一种颜色拖到最后一种：作用于选区，没有选区则作用于画框。Shift：15°。</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>What the line that you drag means</source>
        <translation>拖出的线表示什么</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>线性</translation>
    </message>
    <message>
        <source>Reflected</source>
        <translation>对称</translation>
    </message>
    <message>
        <source>Radial</source>
        <translation>径向</translation>
    </message>
    <message>
        <source>Square</source>
        <translation>方形</translation>
    </message>
    <message>
        <source>Conical</source>
        <translation>锥形</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>What it leads to</source>
        <translation>过渡到什么</translation>
    </message>
    <message>
        <source>To second colour</source>
        <translation>到第二颜色</translation>
    </message>
    <message>
        <source>To transparent</source>
        <translation>到透明</translation>
    </message>
    <message>
        <source>Reverse</source>
        <translation>反向</translation>
    </message>
    <message>
        <source>Begin with the last colour</source>
        <translation>从最后一种颜色开始</translation>
    </message>
    <message>
        <source>Beyond</source>
        <translation>两端之外</translation>
    </message>
    <message>
        <source>What comes beyond the ends</source>
        <translation>两端以外显示什么</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>延续</translation>
    </message>
    <message>
        <source>Repeat</source>
        <translation>重复</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>Dither</source>
        <translation>抖动</translation>
    </message>
    <message>
        <source>Hide bands with a fine pattern</source>
        <translation>用细密的颗粒消除色带</translation>
    </message>
    <message>
        <source>{length} px, {angle}°</source>
        <translation>{length} px，{angle}°</translation>
    </message>
    <message>
        <source>{percent} % – Esc stops</source>
        <translation>{percent} % – 按 Esc 停止</translation>
    </message>
    <message>
        <source>Reach</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>How far from the pointer an anchor looks for an edge</source>
        <translation>锚点在离指针多远的范围内寻找边缘</translation>
    </message>
    <message>
        <source>Symmetry</source>
        <translation>对称</translation>
    </message>
    <message>
        <source>Paints every stroke mirrored or turned as well</source>
        <translation>每一笔同时镜像或旋转重复</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Left and right</source>
        <translation>左右</translation>
    </message>
    <message>
        <source>Above and below</source>
        <translation>上下</translation>
    </message>
    <message>
        <source>All four corners</source>
        <translation>四角</translation>
    </message>
    <message>
        <source>Around the centre</source>
        <translation>环绕中心</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>份数</translation>
    </message>
    <message>
        <source>How often a stroke is repeated around the centre</source>
        <translation>一笔围绕中心重复多少次</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Multiply</source>
        <translation>正片叠底</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>滤色</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>叠加</translation>
    </message>
    <message>
        <source>Darken</source>
        <translation>变暗</translation>
    </message>
    <message>
        <source>Lighten</source>
        <translation>变亮</translation>
    </message>
    <message>
        <source>Colour dodge</source>
        <translation>颜色减淡</translation>
    </message>
    <message>
        <source>Colour burn</source>
        <translation>颜色加深</translation>
    </message>
    <message>
        <source>Hard light</source>
        <translation>强光</translation>
    </message>
    <message>
        <source>Soft light</source>
        <translation>柔光</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差值</translation>
    </message>
    <message>
        <source>Exclusion</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Behind</source>
        <translation>背后</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>擦除</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>How the paint mixes with what is on the layer</source>
        <translation>颜料与图层已有内容如何混合</translation>
    </message>
    <message>
        <source>How much the paint covers</source>
        <translation>颜料的覆盖程度</translation>
    </message>
    <message>
        <source>Smooth edges</source>
        <translation>平滑边缘</translation>
    </message>
    <message>
        <source>Soften the stairs along edges</source>
        <translation>柔化边缘的锯齿</translation>
    </message>
    <message>
        <source>Drag to draw. Shift keeps it regular (a line: 15°), Ctrl draws from the centre.</source>
        <translation>拖动绘制。Shift 保持规则（直线：15°），Ctrl 从中心绘制。</translation>
    </message>
    <message>
        <source>What is drawn</source>
        <translation>画什么形状</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>直线</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>矩形</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>椭圆</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>多边形</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>星形</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>绘制</translation>
    </message>
    <message>
        <source>Outline, inside, or both: then the inside takes the second colour</source>
        <translation>只画轮廓、只画内部或两者都画：都画时内部用第二颜色</translation>
    </message>
    <message>
        <source>Outline</source>
        <translation>轮廓</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>两者</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
    <message>
        <source>How wide the stroke is, canvas pixels</source>
        <translation>笔触的宽度，以画布像素计</translation>
    </message>
    <message>
        <source>Draw past the edge of the picture: it grows where the stroke lies over empty canvas</source>
        <translation>画到画面边缘之外：笔触落在空白画布上的地方，画面会向那里扩展</translation>
    </message>
    <message>
        <source>This stroke is too long. Draw it in several parts.</source>
        <translation>这一笔太长。请分几段画。</translation>
    </message>
    <message>
        <source>Width of the outline</source>
        <translation>轮廓的宽度</translation>
    </message>
    <message>
        <source>Rounding</source>
        <translation>圆角</translation>
    </message>
    <message>
        <source>How far the corners are rounded</source>
        <translation>角有多圆</translation>
    </message>
    <message>
        <source>Corners</source>
        <translation>角数</translation>
    </message>
    <message>
        <source>Corners of the polygon, points of the star</source>
        <translation>多边形的角数，星形的尖角数</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>深度</translation>
    </message>
    <message>
        <source>How deep the star is cut in</source>
        <translation>星形向内凹多深</translation>
    </message>
    <message>
        <source>Click and type. Drag the text to move it; click elsewhere or press Ctrl+Enter to finish.</source>
        <translation>点击后输入。拖动文字可移动；点击别处或按 Ctrl+Enter 完成。</translation>
    </message>
    <message>
        <source>Font</source>
        <translation>字体</translation>
    </message>
    <message>
        <source>Font family</source>
        <translation>字体系列</translation>
    </message>
    <message>
        <source>Height of the letters&apos; square in canvas pixels</source>
        <translation>字身的高度，以画布像素计</translation>
    </message>
    <message>
        <source>Bold</source>
        <translation>粗体</translation>
    </message>
    <message>
        <source>Bold letters</source>
        <translation>加粗的字</translation>
    </message>
    <message>
        <source>Italic</source>
        <translation>斜体</translation>
    </message>
    <message>
        <source>Slanted letters</source>
        <translation>倾斜的字</translation>
    </message>
    <message>
        <source>Align</source>
        <translation>对齐</translation>
    </message>
    <message>
        <source>Where lines stand beside the point you clicked</source>
        <translation>各行与点击处的相对位置</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>居左</translation>
    </message>
    <message>
        <source>Centre</source>
        <translation>居中</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>居右</translation>
    </message>
    <message>
        <source>Line spacing</source>
        <translation>行距</translation>
    </message>
    <message>
        <source>Distance of lines</source>
        <translation>各行之间的距离</translation>
    </message>
    <message>
        <source>What the corners do when they are pulled</source>
        <translation>拖动四角时的作用</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>自由</translation>
    </message>
    <message>
        <source>Perspective</source>
        <translation>透视</translation>
    </message>
    <message>
        <source>Distort</source>
        <translation>扭曲</translation>
    </message>
    <message>
        <source>Resampling</source>
        <translation>重采样</translation>
    </message>
    <message>
        <source>How pixels are computed that do not meet old ones</source>
        <translation>不与原像素重合的像素如何计算</translation>
    </message>
    <message>
        <source>Nearest (pixel art)</source>
        <translation>邻近（像素画）</translation>
    </message>
    <message>
        <source>Bilinear (soft)</source>
        <translation>双线性（柔和）</translation>
    </message>
    <message>
        <source>Bicubic</source>
        <translation>双三次</translation>
    </message>
    <message>
        <source>Lanczos (sharp)</source>
        <translation>Lanczos（锐利）</translation>
    </message>
    <message>
        <source>Transform</source>
        <translation>变换</translation>
    </message>
    <message>
        <source>Applying… {percent} % (Esc stops)</source>
        <translation>正在应用… {percent} %（按 Esc 停止）</translation>
    </message>
    <message>
        <source>How different a colour may be, 0 to 255</source>
        <translation>颜色可以相差多少，0 到 255</translation>
    </message>
    <message>
        <source>Whose colours count</source>
        <translation>以哪些图层的颜色为准</translation>
    </message>
    <message>
        <source>Move the edge outwards, or inwards below 0</source>
        <translation>边缘向外移动，小于 0 则向内</translation>
    </message>
    <message>
        <source>Looking… {percent} % (Esc stops)</source>
        <translation>正在查找… {percent} %（按 Esc 停止）</translation>
    </message>
    <message>
        <source>Only what hangs together with the clicked pixel</source>
        <translation>只选与点击处相连的像素</translation>
    </message>
    <message>
        <source>Openings in a line that are narrower than this count as closed</source>
        <translation>线条上比这更窄的缺口视为闭合</translation>
    </message>
    <message>
        <source>Softness</source>
        <translation>柔和度</translation>
    </message>
    <message>
        <source>Colours a little further off are selected in part</source>
        <translation>相差稍多的颜色会被部分选中</translation>
    </message>
    <message>
        <source>Draw where the painting should go, or click points and press Enter. Double-click the line to split it.</source>
        <translation>画出绘制要走的路线，或依次点击各点后按 Enter。双击线条可拆分。</translation>
    </message>
    <message>
        <source>How wide the band is that is painted</source>
        <translation>绘制的带子有多宽</translation>
    </message>
    <message>
        <source>As the model paints</source>
        <translation>随模型</translation>
    </message>
    <message>
        <source>As the frame</source>
        <translation>随画框</translation>
    </message>
    <message>
        <source>Own width</source>
        <translation>自定宽度</translation>
    </message>
    <message>
        <source>Width of the band in canvas pixels</source>
        <translation>带子的宽度，以画布像素计</translation>
    </message>
    <message>
        <source>Overlap</source>
        <translation>重叠</translation>
    </message>
    <message>
        <source>How much of every window is there before it is painted: more joins better, less is quicker</source>
        <translation>每个窗口块在绘制前已有多少画面：越多衔接越好，越少越快</translation>
    </message>
    <message>
        <source>Bends</source>
        <translation>弯曲</translation>
    </message>
    <message>
        <source>The line bends smoothly through its points</source>
        <translation>线条平滑地弯曲通过各点</translation>
    </message>
    <message>
        <source>A route needs two points. Remove it from its card.</source>
        <translation>路线需要两个点。请用它的卡片移除路线。</translation>
    </message>
    <message>
        <source>A stretch begins here already.</source>
        <translation>这里已经是一个路段的起点。</translation>
    </message>
</context>
<context>
    <name>upscaling</name>
    <message>
        <source>The region is {width} × {height} pixels; {least} a side are needed. Select more.</source>
        <translation>区域为 {width} × {height} 像素；每边至少需要 {least}。请选大一些。</translation>
    </message>
    <message>
        <source>It can be made {least} to {most} times as large.</source>
        <translation>可以放大到 {least} 至 {most} 倍。</translation>
    </message>
    <message>
        <source>The result would be {width} × {height} pixels; at most {most} a side can be made. Choose a smaller scale, or select a part.</source>
        <translation>结果将为 {width} × {height} 像素；每边最多 {most}。请选小一些的倍数，或只选一部分。</translation>
    </message>
    <message>
        <source>Nothing of the picture is painted there. Select something, or move the frame.</source>
        <translation>那里没有属于画面的内容。请选中一处，或移动画框。</translation>
    </message>
</context>
<context>
    <name>variations</name>
    <message>
        <source>This picture was only made larger: there is nothing to vary. Give it some detail first.</source>
        <translation>这张图片只是放大过，没有可变化的内容。请先为它添加细节。</translation>
    </message>
    <message>
        <source>This is the last of {count} variations of one another, as many as there can be. Vary an earlier one, or paint with another seed.</source>
        <translation>这是相互衍生的 {count} 个变体中的最后一个，已达上限。请从较早的一个做变体，或换一个种子绘制。</translation>
    </message>
    <message>
        <source>Strength meant nothing to this picture: it was painted anew. Vary it instead.</source>
        <translation>强度对这张图片不起作用：它是重新绘制的。请改用“变体”。</translation>
    </message>
    <message>
        <source>The strength is at its end already: {percent} %.</source>
        <translation>强度已经到头了：{percent} %。</translation>
    </message>
    <message>
        <source>This generation made no picture: {reason}</source>
        <translation>这次生成没有得到图片：{reason}</translation>
    </message>
</context>
<context>
    <name>wording</name>
    <message>
        <source>There is no wildcard file &apos;{name}&apos;, or it names itself. Put {name}.txt, one choice a line, into the folder that Generate &gt; Prompt &gt; Open Wildcards Folder shows.</source>
        <translation>没有通配符文件“{name}”，或它引用了自身。请把 {name}.txt（每行一个选项）放入“生成 &gt; 提示词 &gt; 打开通配符文件夹”所显示的文件夹。</translation>
    </message>
    <message>
        <source>The LoRA &apos;{name}&apos; is named in the words of a region. LoRAs act on the whole picture: name it in the prompt instead.</source>
        <translation>LoRA“{name}”写在了提示区域的文字里。LoRA 作用于整张图片：请改写到提示词中。</translation>
    </message>
    <message>
        <source>There is no style &apos;{name}&apos; any more. Take it out with the button Styles.</source>
        <translation>风格“{name}”已不存在。请用“风格”按钮将它去掉。</translation>
    </message>
    <message>
        <source>There is no LoRA &apos;{name}&apos; in the library. Check how it is written, or add its folder with Generate &gt; Model Folders.</source>
        <translation>模型库中没有 LoRA“{name}”。请检查写法，或用“生成 &gt; 模型文件夹”添加它所在的文件夹。</translation>
    </message>
    <message>
        <source>The LoRA &apos;{name}&apos; is made for {own}; the chosen model is {family}. Take it out of the prompt.</source>
        <translation>LoRA“{name}”适用于 {own}，而所选模型是 {family}。请把它从提示词中去掉。</translation>
    </message>
    <message>
        <source>The VAE &apos;{name}&apos; is no longer in the library. Choose another one, or the model&apos;s own.</source>
        <translation>VAE“{name}”已不在模型库中。请另选一个，或用模型自带的。</translation>
    </message>
</context>
</TS>
